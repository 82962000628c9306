/** Finds the series, step, reference and row that the page shows. */

import type { Series } from "../api/contract.gen";
import type { State } from "./state";

/** The series on screen: the one asked for, else the first; null while it may still come. */
export function seriesOf(state: State): Series | null {
  const { series: all = [], scanning = false } = state.slots.index.value ?? {};
  const { run, tag } = state.view;
  if (run === null) return all[0] ?? null;
  const asked = findSeries(all, run, tag);
  if (asked || scanning) return asked;
  return findSeries(all, run, null) ?? all[0] ?? null;
}

/** The series of this run and tag, or of any tag of the run; null if there is none. */
export function findSeries(all: readonly Series[], run: string, tag: string | null): Series | null {
  return all.find((one) => one.run === run && (tag === null || one.tag === tag)) ?? null;
}

/** The step on screen: the one asked for or the last before it, else the newest. */
export function stepOf(state: State): number | null {
  return closest(seriesOf(state)?.steps ?? [], state.view.step, -1);
}

/** The step that drift is measured from. */
export function referenceOf(state: State): number | null {
  return closest(seriesOf(state)?.steps ?? [], state.view.reference, 0);
}

function closest(steps: readonly number[], asked: number | null, fallback: number): number | null {
  const before = asked === null ? undefined : steps.findLast((step) => step <= asked);
  return before ?? (asked === null ? steps.at(fallback) : steps[0]) ?? null;
}

/** The step before another one. */
export function previousStep(series: Series | null, step: number | null): number | null {
  const steps = series?.steps ?? [];
  return step === null ? null : (steps[steps.indexOf(step) - 1] ?? null);
}

/** The row that the inspector shows. */
export function inspectedRow(state: State): number | null {
  const rows = seriesOf(state)?.vocab_size ?? 0;
  return state.view.selection.findLast((row) => row < rows) ?? null;
}
