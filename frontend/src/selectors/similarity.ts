/** Decides what Health compares: every step with every other, and the curves of two runs. */

import type { SimilarityMatrix } from "../api/contract.gen";
import { isSingle, otherSeriesOf } from "../state/current";
import type { State } from "../state/state";
import { memo } from "../util/memo";
import { listsTables } from "./all_tables";

/** Returns whether Health is open, and there are steps to compare. */
export function showsSimilarity(state: State): boolean {
  return showsCurves(state) && (!isSingle(state) || otherSeriesOf(state) !== null);
}

/** Returns whether the panels of Health are about the table on screen. */
export function showsCurves(state: State): boolean {
  const isOpen = state.view.healthOpen || state.passing.panel === "health";
  return isOpen && !listsTables(state);
}

/** Returns the smallest and the largest similarity, which are the ends of the color scale. */
export const similarityRange = memo(({ values }: SimilarityMatrix): readonly [number, number] => {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return least > most ? [0, 1] : [least, most];
});
