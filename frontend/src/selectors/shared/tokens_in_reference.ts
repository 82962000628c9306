/** Finds the tokens that a reference in another series lacks. */

import type { NeighborChange, RowsInReference } from "../../api/contract.gen";
import { otherSeriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { compares } from "./drift_summary";

/** Returns which tokens the series and its reference have in common; null until that is known. */
export function inReference(state: State): RowsInReference | null {
  return otherSeriesOf(state) ? state.slots.rowsInReference.value : null;
}

/** Returns the rows of the tokens that only the series on screen has, ascending. */
export function newRows(state: State): readonly number[] {
  return absent(inReference(state)?.rows ?? NONE);
}

/** Returns the row of a token in the reference; null while that is not known, or where it has none. */
export function rowInReference(state: State, row: number): number | null {
  const there = inReference(state)?.rows[row] ?? -1;
  return there < 0 ? null : there;
}

/** Returns the series of the first step of an answer; null if it is the one on screen. */
export function referenceIn({
  reference_run: run,
  reference_tag: tag,
}: Pick<NeighborChange, "reference_run" | "reference_tag">) {
  return run === "" ? null : { run, tag };
}

/** Returns whether a change of neighbors is between two different steps, or between two series. */
export function comparesSteps(change: NeighborChange): boolean {
  return compares({ ...change, alignment: referenceIn(change) });
}

const NONE = new Int32Array();

const absent = memo((rows: Int32Array): readonly number[] => {
  const found: number[] = [];
  rows.forEach((row, at) => {
    if (row < 0) found.push(at);
  });
  return found;
});
