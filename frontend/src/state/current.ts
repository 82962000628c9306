/** Finds the series, the steps, the row and the columns that the page shows. */

import type { Series } from "../api/contract.gen";
import type { State } from "./state";
import type { MapLayer, Sort } from "./view";

export function allSeries({ slots }: State): readonly Series[] {
  return slots.index.value?.series ?? [];
}

/** Returns the series on screen: the one asked for or the first; null while it may still come. */
export function seriesOf(state: State): Series | null {
  const all = allSeries(state);
  const { run, tag } = state.view;
  if (run === null) return all[0] ?? null;
  const asked = findSeries(all, run, tag);
  if (asked || state.slots.index.value?.scanning) return asked;
  return findSeries(all, run, null) ?? all[0] ?? null;
}

/** Returns the series of this run and tag, or of any tag of the run; null if there is none. */
export function findSeries(all: readonly Series[], run: string, tag: string | null): Series | null {
  return all.find((one) => one.run === run && (tag === null || one.tag === tag)) ?? null;
}

/** Returns the step on screen: the one asked for or the last before it, else the newest. */
export function stepOf(state: State): number | null {
  return closest(seriesOf(state)?.steps ?? [], state.view.step, -1);
}

/** Returns the other series that drift is measured from; null where that is the one on screen. */
export function otherSeriesOf(state: State): Series | null {
  const { referenceRun, referenceTag } = state.view;
  const shown = seriesOf(state);
  if (referenceRun === null || !shown) return null;
  const found = findSeries(allSeries(state), referenceRun, referenceTag ?? shown.tag);
  return found === shown ? null : found;
}

/** Returns the series of the seeds, as far as the log has them. */
export function seedsOf(state: State): readonly Series[] {
  const tag = seriesOf(state)?.tag ?? null;
  return state.view.seeds.flatMap((run) => findSeries(allSeries(state), run, tag) ?? []);
}

/** Returns whether it is known what is noise: from seeds, or within one run from its steps. */
export function knowsNoise(state: State): boolean {
  return seedsOf(state).length > 1 || (otherSeriesOf(state) === null && !isSingle(state));
}

export function referenceOf(state: State): number | null {
  const other = otherSeriesOf(state);
  const { reference } = state.view;
  if (other) return closest(other.steps, reference, -1);
  return closest(seriesOf(state)?.steps ?? [], reference, 0);
}

/** Returns the step that what stays within the series on screen is measured from. */
export function startOf(state: State): number | null {
  return otherSeriesOf(state) ? (seriesOf(state)?.steps[0] ?? null) : referenceOf(state);
}

/**
 * Returns the other series that curves over the steps are measured from; null where they stay
 * within the series on screen, also because tables of different dimensions can't be aligned.
 */
export function curvesFrom(state: State): Series | null {
  return comparisonOf(state) === "drift" ? otherSeriesOf(state) : null;
}

/** Returns the step of the series on screen that its curves are measured from; null for none. */
export function curveStartOf(state: State): number | null {
  return curvesFrom(state) ? null : startOf(state);
}

function closest(steps: readonly number[], asked: number | null, fallback: number): number | null {
  const before = asked === null ? undefined : steps.findLast((step) => step <= asked);
  return before ?? (asked === null ? steps.at(fallback) : steps[0]) ?? null;
}

/** Returns whether the series has one snapshot, so that nothing of it changes over the steps. */
export function isSingle(state: State): boolean {
  return seriesOf(state)?.steps.length === 1;
}

/**
 * What can be measured from the reference to the step: drift; of tables with different dimensions
 * only the change of neighbors; nothing where there is one snapshot.
 */
export type Comparison = "drift" | "neighbors" | "nothing";

export function comparisonOf(state: State): Comparison {
  const other = otherSeriesOf(state);
  if (!other) return isSingle(state) ? "nothing" : "drift";
  return other.embedding_dim === seriesOf(state)?.embedding_dim ? "drift" : "neighbors";
}

/**
 * Returns the column that ranks tokens and colors the map unless the user chose another one. Of one
 * snapshot it is the indicator of under-trained tokens, unless no token is known to be unused; of
 * tables with different dimensions the share of the neighbors that were kept.
 */
export function usualColumn(state: State): "drift" | "kept" | "norm" | "indicator" {
  const comparison = comparisonOf(state);
  if (comparison !== "nothing") return comparison === "drift" ? "drift" : "kept";
  const { value, failure } = state.slots["column indicator"] ?? {};
  return failure || value?.indicator?.known_unused === 0 ? "norm" : "indicator";
}

/** Returns whether the least values of a column are those to look at first. */
export const areLowFirst = (id: string) => LOW_FIRST.has(id);

const LOW_FIRST: ReadonlySet<string> = new Set([
  ...["indicator", "trust", "updates", "last_updated", "kept", "p_value", "q_value"],
]);

export function sortOf(state: State): Sort {
  const by = usualColumn(state);
  return state.view.sort ?? { by, descending: !areLowFirst(by) };
}

export function columnsOf(state: State): readonly string[] {
  return state.view.columns ?? [usualColumn(state), "frequency"];
}

/** The number of rows from which on points hide each other, and the map shows their density. */
const MANY_ROWS = 20_000;
const USUAL_LAYERS: readonly MapLayer[] = ["regions"];
const LAYERS_OF_MANY: readonly MapLayer[] = ["regions", "density"];

export function layersOf(state: State): readonly MapLayer[] {
  const rows = seriesOf(state)?.shown_rows ?? 0;
  return state.view.layers ?? (rows < MANY_ROWS ? USUAL_LAYERS : LAYERS_OF_MANY);
}

export function previousStep(series: Series | null, step: number | null): number | null {
  const steps = series?.steps ?? [];
  return step === null ? null : (steps[steps.indexOf(step) - 1] ?? null);
}

/** Returns the row that the inspector shows. */
export function inspectedRow(state: State): number | null {
  const rows = seriesOf(state)?.shown_rows ?? 0;
  return state.view.selection.findLast((row) => row < rows) ?? null;
}

/** Returns the step of a chart that the map shows instead of its own; null for none. */
export function previewedStep(state: State): number | null {
  const { preview, playing, filming } = state.passing;
  if (preview === null || playing || filming !== null || preview === stepOf(state)) return null;
  return seriesOf(state)?.steps.includes(preview) ? preview : null;
}

/** Returns the step that the map shows, or is about to. */
export function mapStep(state: State): number | null {
  return previewedStep(state) ?? stepOf(state);
}

const FIRST_THREE = [1, 2, 3] as const;

/** Returns the three principal components that the server chose for the map. */
export function componentsByRule({ slots }: State): readonly number[] {
  const chosen = slots.positions.value?.components_by_rule ?? [];
  return chosen.length ? chosen : FIRST_THREE;
}

/** Returns the three principal components of the axes; the third shows in 3-D. */
export function componentsOf(state: State): readonly number[] {
  const { components } = state.view;
  return components.length ? components : componentsByRule(state);
}
