/** Filters sorted lists of rows by frequency and by a mask, in plain loops. */

import { memo } from "../util/memo";
import { quantiles } from "./quantiles";

/** Puts the rows of an order whose frequency is at least `minimum` before all others. */
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

/** Returns the rows of an order whose frequency is at least `minimum`; unknown counts as zero. */
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

/** Returns the places in `order` whose rows are in the mask; all places without a mask. */
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

/** Returns the rows of an order that are in the mask. */
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

/** Returns the default floor, at most the median: rare words move most and say least. */
export function defaultMinFrequency(frequency: ArrayLike<number | null>): number {
  const [median] = quantiles(
    Float32Array.from(frequency, (count) => count ?? 0),
    [0.5],
  ) ?? [0];
  return Math.min(10, Math.max(0, Math.floor(median)));
}
