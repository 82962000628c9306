/** Decides what Health compares: every step with every other, and the curves of two runs. */

import type { SimilarityMatrix } from "../../api/contract.gen";
import { isSingle, otherSeriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { countBelow } from "../../util/sorted_values";
import { isHealthOpen, listsTables } from "./all_tables";

/** Returns whether Health is open, and there are steps to compare. */
export function showsSimilarity(state: State): boolean {
  return showsCurves(state) && (!isSingle(state) || otherSeriesOf(state) !== null);
}

export function similarityAsk({ view: { similarity: measure, k } }: State) {
  return measure === "overlap" ? { measure, k } : { measure };
}

/** Returns whether the panels of Health are about the table on screen. */
export function showsCurves(state: State): boolean {
  return isHealthOpen(state) && !listsTables(state);
}

/** A color scale over the values that a matrix has. */
export type SimilarityScale = ReturnType<typeof similarityScale>;

/**
 * Returns the scale by rank, on which as many pairs of steps have each color, so that phases stand
 * out however alike all steps are. The pairs of a step with itself do not count.
 *
 * @param isOfOne whether the rows and the columns are steps of one series
 */
export const similarityScale = memo(
  ({ from_steps, to_steps, values }: SimilarityMatrix, isOfOne: boolean) => {
    const isItself = (at: number) =>
      isOfOne && from_steps[Math.floor(at / to_steps.length)] === to_steps[at % to_steps.length];
    const known = values.filter((value, at) => !Number.isNaN(value) && !isItself(at)).sort();
    const last = known.length - 1;
    const place = (value: number) => {
      if (Number.isNaN(value)) return Number.NaN;
      if (last < 1) return 1;
      // Equal values get the rank in their middle, so that they have one color.
      const below = countBelow(known, value);
      return Math.min((below + Math.max(countBelow(known, value, true) - 1, below)) / 2 / last, 1);
    };
    return {
      least: known[0] ?? Number.NaN,
      median: known[last >> 1] ?? Number.NaN,
      most: known[last] ?? Number.NaN,
      /** The share of the pairs of steps that are less alike, 0..1; NaN for unknown ones. */
      shares: values.map((value, at) => (isItself(at) && !Number.isNaN(value) ? 1 : place(value))),
    };
  },
);
