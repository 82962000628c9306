/** Computes range and quantiles of many values. */

import { countHalves, sortKeys } from "./order_by_value";

/** Upper halves of the keys of finite values: those of NaN and infinity lie below or above. */
const FINITE = [0x80, 0xff80] as const;

/** Returns the least and the largest of the finite values; null if there are none. */
export function rangeOf(values: Float32Array): [least: number, largest: number] | null {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    // Beyond the finite ones there is infinity only; NaN is on neither side of anything.
    if (value < least && value !== Number.NEGATIVE_INFINITY) least = value;
    if (value > largest && value !== Number.POSITIVE_INFINITY) largest = value;
  }
  return least <= largest ? [least, largest] : null;
}

/**
 * Returns the quantiles of the finite values at some shares; null without finite values. A million
 * take some milliseconds: sorting them would take many times as long.
 *
 * @param between whether to interpolate between two values, as NumPy does it and Health; a
 * scale's ends are values that there are
 */
export function quantiles<Q extends readonly number[]>(
  values: Float32Array,
  shares: readonly [...Q],
  between = false,
): { -readonly [I in keyof Q]: number } | null {
  const keys = sortKeys(values, false);
  const upper = countHalves(keys, 16).fill(0, 0, FINITE[0]).fill(0, FINITE[1]);
  const count = upper.reduce((sum, one) => sum + one);
  if (!count) return null;
  const quantile = (share: number) => {
    if (!between) return valueAt(keys, upper, Math.min(count - 1, Math.floor(share * count)));
    const place = share * (count - 1);
    const below = Math.floor(place);
    const low = valueAt(keys, upper, below);
    if (place === below) return low;
    return low + (place - below) * (valueAt(keys, upper, below + 1) - low);
  };
  return shares.map(quantile) as { [I in keyof Q]: number };
}

/** Returns the value at a place in the order of the finite ones: by the halves of its key. */
function valueAt(keys: Uint32Array, upper: Uint32Array, place: number): number {
  const [high, before] = bucketOf(upper, place);
  const [low] = bucketOf(countHalves(keys, 0, high), place - before);
  const key = ((high << 16) | low) >>> 0;
  const bits = key >>> 31 ? key & 0x7fffffff : ~key;
  return new Float32Array(Uint32Array.of(bits).buffer)[0] ?? 0;
}

/** Returns the bucket that holds a place, and how many places are before it. */
function bucketOf(counts: Uint32Array, place: number): [bucket: number, before: number] {
  let before = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const next = before + (counts[bucket] ?? 0);
    if (place < next) return [bucket, before];
    before = next;
  }
  return [counts.length - 1, before];
}
