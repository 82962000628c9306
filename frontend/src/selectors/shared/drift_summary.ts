/** Summarizes how far all tokens moved from the reference step. */

import type { Drift } from "../../api/contract.gen";
import type { State } from "../../state/state";
import { statisticsOf } from "../../statistics/drift_statistics";
import { memo } from "../../util/memo";

const summaryOf = memo((drift: Drift) => {
  const { bins, quantiles, unmoved } = statisticsOf(drift.values);
  const [median, p90, largest] = quantiles ?? [];
  const undefinedRows = bins.reduce((left, rows) => left - rows, drift.values.length);
  return { drift, median, p90, largest, unmoved, undefinedRows, bins };
});

type Compared = Pick<Drift, "from_step" | "to_step"> & { readonly alignment: object | null };

/** Returns whether the drift is between two different steps, or between two series. */
export function compares({ from_step, to_step, alignment }: Compared): boolean {
  return from_step !== to_step || alignment !== null;
}

/** Returns how far the vocabulary moved; null without two steps to compare. */
export function driftSummary(state: State): ReturnType<typeof summaryOf> | null {
  const drift = state.slots.drift.value;
  return drift && compares(drift) ? summaryOf(drift) : null;
}
