/** Finds what the map shows of the layout that was asked for, and how far it can be trusted. */

import type { Positions, Quality, Trails } from "../../api/contract.gen";
import {
  comparisonOf,
  componentsByRule,
  layersOf,
  mapStep,
  otherSeriesOf,
  seriesOf,
} from "../../state/current";
import type { Failure, SlotName } from "../../state/slots";
import type { State } from "../../state/state";
import { memoOfEach } from "../../util/memo";
import { layoutOf } from "../shared/asked_layout";

/** The number of principal components to choose from. */
const MOST_COMPONENTS = 10;

/** The number of the component of change. */
export const CHANGE = 0;

/** Slots that are filled with what the layout shows. */
export const LAYOUT_SLOTS: ReadonlySet<string> = new Set<SlotName>([
  "positions",
  "firstPositions",
  "newestPositions",
  "referencePositions",
  "trails",
  "quality",
]);

/** Returns whether the map can show where tokens are in the reference, beside where they are now. */
export function hasReferenceOnMap(state: State): boolean {
  if (comparisonOf(state) !== "drift") return false;
  // Only the PCA puts two tables in one basis.
  return otherSeriesOf(state) === null || layoutOf(state) === "pca";
}

/** Returns why the map shows one run, though two are compared; null where it can show both. */
export function whyOneRun(state: State): "layout" | "dimensions" | null {
  if (otherSeriesOf(state) === null || hasReferenceOnMap(state)) return null;
  return comparisonOf(state) === "drift" ? "layout" : "dimensions";
}

/** Returns the positions in the other run in the layout on the map; null where the map shows its own. */
export function positionsInOther(state: State): Positions | null {
  const { positions, referencePositions } = state.slots;
  const [own, there] = [positions.value, referencePositions.value];
  const isShown = state.view.mapRuns !== "own" && otherSeriesOf(state) !== null;
  if (!isShown || !own || !there || layoutKey(own) !== layoutKey(there)) return null;
  return own.positions.length === there.positions.length ? there : null;
}

/** Returns whether the map shows both runs, one beside the other. */
export function showsBothRuns(state: State): boolean {
  return state.view.mapRuns === "both" && otherSeriesOf(state) !== null && hasReferenceOnMap(state);
}

/** Returns whether the positions at the reference are needed: to be shown, or for what regions tell. */
export function needsBefore(state: State): boolean {
  const { mapRuns } = state.view;
  return mapRuns !== "own" || showsBefore(state) || layersOf(state).includes("regions");
}

/** Returns whether the map shows where tokens are at the reference, besides where they are now. */
function showsBefore(state: State): boolean {
  const { arrows, mapRuns } = state.view;
  return arrows || mapRuns === "other" || layersOf(state).includes("flow");
}

/** Returns the step of the reference if the map shows its positions besides its own; null else. */
export function stepShownBefore(state: State): number | null {
  const { mapRuns } = state.view;
  const before =
    hasReferenceOnMap(state) && showsBefore(state) ? state.slots.referencePositions : null;
  if (mapRuns === "other" && positionsInOther(state))
    return state.slots.positions.value?.step ?? null;
  return before?.value?.step ?? null;
}

/** Returns a key that is equal for answers with the same axes; the depth does not count. */
export function layoutKey({ layout, components, expressions }: Layout): string {
  return JSON.stringify([layout, components.slice(0, 2), expressions.slice(0, 2)]);
}

type Layout = Pick<Positions, "layout" | "components" | "expressions">;

/** Returns whether the positions on the map are those that were asked for. */
export function showsStep(state: State): boolean {
  const { value, pending, failure } = state.slots.positions;
  return pending === null && failure === null && value?.step === mapStep(state);
}

/** Returns how far the map can be trusted as it is; null while that is not known. */
export function qualityOf(state: State): Quality | null {
  const quality = state.slots.quality.value;
  const shown = state.slots.positions.value;
  if (!quality || !shown || !showsStep(state)) return null;
  const same =
    quality.step === shown.step &&
    quality.layout === shown.layout &&
    quality.components.join() === shown.components.join() &&
    quality.expressions.join("\n") === shown.expressions.join("\n");
  return same ? quality : null;
}

/** Returns why the layout that was chosen is not shown; null where it is. */
export function layoutFailure(state: State): Failure | null {
  const { failure } = state.slots.positions;
  return failure !== null && failure.status !== null && layoutOf(state) !== "pca" ? failure : null;
}

/** Returns whether the map still shows another layout, as what was asked for can't be shown. */
export function showsOldLayout(state: State): boolean {
  return state.view.layout !== layoutOf(state) || layoutFailure(state) !== null;
}

export function componentsToChoose(state: State): number[] {
  const { embedding_dim: dimensions = 0, steps = [] } = seriesOf(state) ?? {};
  // A page in a file holds the components that the rule chooses.
  if (state.savedPage !== null)
    return [...componentsByRule(state)].filter((one) => one <= dimensions).sort(lastChange);
  const numbered = Array.from({ length: Math.min(MOST_COMPONENTS, dimensions) }, (_, at) => at + 1);
  return steps.length > 1 ? [...numbered, CHANGE] : numbered;
}

function lastChange(one: number, other: number): number {
  return (one || Number.POSITIVE_INFINITY) - (other || Number.POSITIVE_INFINITY);
}

/** Returns the components on the map, by axis, with their shares of the variance; that of change has none. */
export function sharesOf(answer: Positions) {
  const { components, explained_variance_ratio: ratio } = answer;
  return components
    .map((component, axis) => ({ axis, component, share: ratio[component - 1] ?? null }))
    .filter(({ component }) => component !== CHANGE);
}

/** Returns the positions with three coordinates each, the last zero where there are only two. */
export function pointsOf(answer: Positions): Float32Array {
  return isFlat(answer) ? raised(answer.positions) : answer.positions;
}

/** Returns the same of trails, `[tokens, steps, 3]`. */
export function trailPointsOf(answer: Trails): Float32Array {
  return isFlat(answer) ? raised(answer.trails) : answer.trails;
}

function isFlat({ layout, components, expressions }: Layout): boolean {
  return (layout === "pca" ? components.length : expressions.length || 2) === 2;
}

const raised = memoOfEach((flat: Float32Array): Float32Array => {
  const points = new Float32Array((flat.length / 2) * 3);
  for (let from = 0, to = 0; from < flat.length; from += 2, to += 3) {
    points[to] = flat[from] as number;
    points[to + 1] = flat[from + 1] as number;
  }
  return points;
});
