/** Finds the trajectory of a token in an answer about the trajectories of several. */

import type { Trajectories } from "../../api/contract.gen";
import { inspectedRow } from "../../state/current";
import type { Trajectory } from "../../state/slots";
import type { State } from "../../state/state";
import { referenceIn, rowInReference } from "../shared/tokens_in_reference";

export function trajectoryOf(answer: Trajectories): Trajectory {
  const { indices, measure, steps, reference_step } = answer;
  const [index = -1] = indices;
  const [drift, norm] = [answer.drift, answer.norm].map(
    (all) => valuesOf(answer, index, all) ?? [],
  );
  const reference = { step: reference_step, of: referenceIn(answer) };
  return { index, measure, steps, reference, drift: drift ?? [], norm: norm ?? [] };
}

/** Returns the trajectory of the inspected token in the other run; null until it is there. */
export function trajectoryInReference(state: State): Trajectory | null {
  const { value } = state.slots.otherTrajectory;
  const row = inspectedRow(state);
  return value && row !== null && value.index === rowInReference(state, row) ? value : null;
}

/**
 * Returns the trajectories of the compared tokens; null until they are there, and measured as that
 * of the inspected token is.
 */
export function comparedTrajectories({ slots }: State): Trajectories | null {
  const [one, several] = [slots.trajectory.value, slots.compared.value];
  if (!one || !several) return null;
  const { of, step } = one.reference;
  const isAlike =
    several.measure === one.measure &&
    several.reference_step === step &&
    several.reference_run === (of?.run ?? "") &&
    several.reference_tag === (of?.tag ?? "");
  return isAlike ? several : null;
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
