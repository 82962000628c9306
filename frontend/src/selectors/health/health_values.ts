/** Finds the health of the table among the loaded answers, and since when it is settled. */

import type { Health, Quantiles } from "../../api/contract.gen";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";

/** Returns the step since which the table is settled, where that is known. */
export function settledStep(state: State): number | null {
  const findings = state.slots.findings.value?.findings ?? [];
  return findings.find(({ kind }) => kind === "settled")?.step ?? null;
}

/** Returns the health of the steps that were measured so far; null while there is none. */
export function healthOf(state: State): Health | null {
  const health = state.slots.health.value;
  return health?.steps.length ? health : null;
}

/** Returns the quantiles of the drift from the first step, with 0 at the first step itself. */
export const driftFromFirst = memo((health: Health): Quantiles => {
  const start = ([, ...rest]: (number | null)[]) => [0, ...rest];
  const { p10, p50, p90, max } = health.drift_from_first;
  return { p10: start(p10), p50: start(p50), p90: start(p90), max: start(max) };
});
