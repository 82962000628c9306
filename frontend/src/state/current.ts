/** Finds the series, step, reference and row that the page shows. */

import type { Series } from "../api/contract.gen";
import type { State } from "./state";

/** The series on screen: the one asked for, else the first. */
export function seriesOf(state: State): Series | null {
  const all = state.slots.index.value?.series ?? [];
  const { run, tag } = state.view;
  return (
    all.find((series) => series.run === run && series.tag === tag) ??
    all.find((series) => series.run === run) ??
    all[0] ??
    null
  );
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

/** What a link asked for and the log does not hold; null if it does. */
export function missingSeries(state: State): { run: string; tag: string | null } | null {
  const { run, tag } = state.view;
  const shown = seriesOf(state);
  if (run === null || !shown || state.slots.index.value?.scanning) return null;
  if (shown.run !== run) return { run, tag: null };
  return tag === null || shown.tag === tag ? null : { run, tag };
}
