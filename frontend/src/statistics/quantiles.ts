/** Computes range and quantiles of many values without sorting them. */

const HALF = 1 << 16;

/** The least and the largest of the finite values; null if there are none. */
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
 * The values below which the shares lie, of the finite values; null if there are none.
 *
 * @param between whether to interpolate between two values, as NumPy does it and Health; a
 * scale's ends are values that there are
 */
export function quantiles<Q extends readonly number[]>(
  values: Float32Array,
  shares: readonly [...Q],
  between = false,
): { -readonly [I in keyof Q]: number } | null {
  const upper = new Uint32Array(HALF);
  const count = countHalves(values, upper, 16, null);
  if (!count) return null;
  const quantile = (share: number) => {
    if (!between) return valueAt(values, upper, Math.min(count - 1, Math.floor(share * count)));
    const place = share * (count - 1);
    const below = Math.floor(place);
    const low = valueAt(values, upper, below);
    if (place === below) return low;
    return low + (place - below) * (valueAt(values, upper, below + 1) - low);
  };
  return shares.map(quantile) as { [I in keyof Q]: number };
}

/** The value at a place in the order of the finite ones: by the halves of its bits. */
function valueAt(values: Float32Array, upper: Uint32Array, place: number): number {
  const [high, before] = bucketOf(upper, place);
  const lower = new Uint32Array(HALF);
  countHalves(values, lower, 0, high);
  const [low] = bucketOf(lower, place - before);
  const ordered = ((high << 16) | low) >>> 0;
  const bits = ordered >>> 31 ? ordered & 0x7fffffff : ~ordered;
  return new Float32Array(Uint32Array.of(bits).buffer)[0] ?? 0;
}

/** The bucket that holds a place, and how many places are before it. */
function bucketOf(counts: Uint32Array, place: number): [bucket: number, before: number] {
  let before = 0;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const next = before + (counts[bucket] ?? 0);
    if (place < next) return [bucket, before];
    before = next;
  }
  return [counts.length - 1, before];
}

/**
 * Counts the finite values by one half of their bits, which are ordered as the values are;
 * of those with these upper bits, if they are given. A million take a few milliseconds:
 * sorting them would take a hundred times as long.
 */
function countHalves(
  values: Float32Array,
  counts: Uint32Array,
  shift: 0 | 16,
  high: number | null,
): number {
  const raw = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let finite = 0;
  for (let row = 0; row < raw.length; row++) {
    // -0 equals 0, but for its bits.
    const bits = raw[row] === 0x80000000 ? 0 : (raw[row] ?? 0);
    if ((bits & 0x7f800000) === 0x7f800000) continue;
    const ordered = (bits >>> 31 ? ~bits : bits | 0x80000000) >>> 0;
    if (high !== null && ordered >>> 16 !== high) continue;
    const half = (ordered >>> shift) & 0xffff;
    counts[half] = (counts[half] ?? 0) + 1;
    finite++;
  }
  return finite;
}
