import { memo } from "./store";

/**
 * Orders and filters of the whole vocabulary, in plain loops: a million rows sort in some
 * twenty milliseconds, by the lower and then the upper half of the bits of their values.
 */

/** Rows by value; equal values by row; NaN last either way. */
export function orderByValue(values: ArrayLike<number>, descending: boolean): Uint32Array {
  const { length } = values;
  const keys = sortKeys(values, descending);
  const byLower = new Uint32Array(length);
  // In the order of the rows: looked up by row they would be all over the memory.
  const keysByLower = new Uint32Array(length);
  const lower = startsOfGroups(keys, 0);
  for (let row = 0; row < length; row++) {
    const key = keys[row] as number;
    const place = lower[key & 0xffff] as number;
    lower[key & 0xffff] = place + 1;
    byLower[place] = row;
    keysByLower[place] = key;
  }
  const order = new Uint32Array(length);
  const upper = startsOfGroups(keys, 16);
  for (let at = 0; at < length; at++) {
    const group = (keysByLower[at] as number) >>> 16;
    const place = upper[group] as number;
    upper[group] = place + 1;
    order[place] = byLower[at] as number;
  }
  return order;
}

/** Whole numbers in the order of the values. */
function sortKeys(values: ArrayLike<number>, descending: boolean): Uint32Array {
  const floats = new Float32Array(values.length);
  const keys = new Uint32Array(floats.buffer);
  const sign = descending ? -1 : 1;
  for (let row = 0; row < floats.length; row++) {
    const value = values[row] ?? Number.NaN;
    // Adding zero makes -0 equal to 0.
    floats[row] = sign * value + 0;
    const bits = keys[row] as number;
    if (Number.isNaN(value)) keys[row] = 0xffffffff;
    else keys[row] = bits >>> 31 ? ~bits : bits | 0x80000000;
  }
  return keys;
}

/** Where the rows of each half of their keys' bits begin once they are sorted by it. */
function startsOfGroups(keys: Uint32Array, shift: 0 | 16): Uint32Array {
  const starts = new Uint32Array(HALF);
  for (let row = 0; row < keys.length; row++) {
    const group = ((keys[row] as number) >>> shift) & 0xffff;
    starts[group] = (starts[group] as number) + 1;
  }
  let before = 0;
  for (let group = 0; group < starts.length; group++) {
    const rows = starts[group] as number;
    starts[group] = before;
    before += rows;
  }
  return starts;
}

/** An order with the rows whose frequency is at least `minimum` before all others. */
export function commonFirst(
  order: Uint32Array,
  frequency: ArrayLike<number | null>,
  minimum: number,
): Uint32Array {
  const common = atLeast(order, frequency, minimum);
  const result = new Uint32Array(order.length);
  result.set(common);
  let place = common.length;
  for (let at = 0; at < order.length; at++) {
    const row = order[at] as number;
    if (!((frequency[row] ?? 0) >= minimum)) result[place++] = row;
  }
  return result;
}

/** The rows of an order whose frequency is at least `minimum`; unknown counts as zero. */
export function atLeast(
  order: Uint32Array,
  frequency: ArrayLike<number | null> | null,
  minimum: number,
): Uint32Array {
  if (!frequency || minimum <= 0) return order;
  // By hand: a million calls of a function take ten times as long.
  const kept = new Uint32Array(order.length);
  let count = 0;
  for (let place = 0; place < order.length; place++) {
    const row = order[place] ?? 0;
    if ((frequency[row] ?? 0) >= minimum) kept[count++] = row;
  }
  return kept.slice(0, count);
}

/** Places in `order` whose rows are in the mask; all without one. */
export function placesOf(order: Uint32Array, mask: Uint8Array | null): Uint32Array {
  if (mask === null) return upTo(order.length);
  const places = new Uint32Array(order.length);
  let found = 0;
  // A loop: callbacks for a million rows at every letter typed would be felt.
  for (let place = 0; place < order.length; place++) {
    if (mask[order[place] as number] === 1) places[found++] = place;
  }
  return places.subarray(0, found);
}

/** The same for every step, as long as nothing is searched for. */
const upTo = memo((count: number) => {
  const numbers = new Uint32Array(count);
  for (let at = 0; at < count; at++) numbers[at] = at;
  return numbers;
});

/** The rows of an order that are in the mask. */
export function onlyIn(order: Uint32Array, mask: Uint8Array | null): Uint32Array {
  if (mask === null) return order;
  const rows = new Uint32Array(order.length);
  let found = 0;
  for (let at = 0; at < order.length; at++) {
    const row = order[at] as number;
    if (mask[row] === 1) rows[found++] = row;
  }
  return rows.slice(0, found);
}

/** The default floor: rare words move most and say least, so half of them may go. */
export function defaultFloor(frequency: ArrayLike<number | null>): number {
  const [median] = quantiles(
    Float32Array.from(frequency, (count) => count ?? 0),
    [0.5],
  ) ?? [0];
  return Math.min(10, Math.max(0, Math.floor(median)));
}

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

/** The values below which the shares lie, of the finite values; null if there are none. */
export function quantiles<Q extends readonly number[]>(
  values: Float32Array,
  shares: readonly [...Q],
): { -readonly [I in keyof Q]: number } | null {
  const upper = new Uint32Array(HALF);
  const count = countHalves(values, upper, 16, null);
  if (!count) return null;
  const at = (share: number) => Math.min(count - 1, Math.floor(share * count));
  return shares.map((share) => valueAt(values, upper, at(share))) as { [I in keyof Q]: number };
}

const HALF = 1 << 16;

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
