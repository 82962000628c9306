/** Finds the trajectory of a token in an answer about the trajectories of several. */

import type { Trajectories } from "../../api/contract.gen";
import { inspectedRow } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { referenceIn, rowInReference } from "../shared/tokens_in_reference";

/** One token through all steps. */
export type Trajectory = NonNullable<ReturnType<typeof trajectoryOf>>;

/** Returns the trajectory of a row; null for a row that the answer lacks. */
export const trajectoryOf = memo((answer: Trajectories | null, row: number | null) => {
  const drift = answer && row !== null ? valuesOf(answer, row, answer.drift) : null;
  if (!answer || row === null || !drift) return null;
  const { measure, steps, reference_step } = answer;
  return {
    ...{ measure, steps },
    /** The step that drift is measured from, and the series that it is of; null for the same. */
    reference: { step: reference_step, of: referenceIn(answer) },
    drift,
    norm: valuesOf(answer, row, answer.norm) ?? [],
  };
}, 2);

/** Returns the trajectory of the inspected token; null until it is there. */
export function inspectedTrajectory(state: State): Trajectory | null {
  return trajectoryOf(state.slots.trajectories.value, inspectedRow(state));
}

/** Returns the trajectory of the inspected token in the other run; null until it is there. */
export function trajectoryInReference(state: State): Trajectory | null {
  const row = inspectedRow(state);
  const there = row === null ? null : rowInReference(state, row);
  return trajectoryOf(state.slots.otherTrajectory.value, there);
}

/** Returns the values of a row at each step; null for a row that the answer lacks. */
export function valuesOf(
  { indices, steps }: Trajectories,
  row: number,
  values: Float32Array,
): (number | null)[] | null {
  const at = indices.indexOf(row);
  if (at < 0) return null;
  const found = values.subarray(at * steps.length, (at + 1) * steps.length);
  return Array.from(found, (value) => (Number.isFinite(value) ? value : null));
}
