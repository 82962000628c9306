/** Finds the frequent rows, and the places of rows in their order, in plain loops. */

import { filled } from "../util/fill_array";
import { memo } from "../util/memo";
import { quantiles } from "./quantiles";

/** Returns 1 for each row whose frequency is at least `minimum`, an unknown one being zero; null if all are. */
export function frequentMask(
  frequency: ArrayLike<number | null> | null,
  minimum: number,
): Uint8Array | null {
  if (!frequency || minimum <= 0) return null;
  // By hand: a million calls of a function take ten times as long.
  const mask = new Uint8Array(frequency.length);
  for (let row = 0; row < mask.length; row++) if ((frequency[row] ?? 0) >= minimum) mask[row] = 1;
  return mask;
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

/** Returns the numbers from 0 on, in one array for all steps. */
const upTo = memo((count: number) => {
  const numbers = new Uint32Array(count);
  for (let at = 0; at < count; at++) numbers[at] = at;
  return numbers;
});

/** Returns the default floor, at most the median: rare words move most and say least. */
export function defaultMinFrequency(frequency: ArrayLike<number | null>): number {
  const [median] = quantiles(
    filled(new Float32Array(frequency.length), (row) => frequency[row] ?? 0),
    [0.5],
  ) ?? [0];
  return Math.min(10, Math.max(0, Math.floor(median)));
}
