/** Decides what the page asks the server for: one question for each slot of the state. */

import { inspectedRow, previousStep, referenceOf, seriesOf, stepOf } from "../state/current";
import type { SlotAsk, SlotName, State } from "../state/state";
import { lastWithin } from "../util/row_lists";
import { looksForChangedNeighbors } from "./changed_neighbors";
import { comparedRows } from "./compared_tokens";
import { layoutAsk, showsStep } from "./map_layout";
import { mapStep, previewedStep } from "./map_step";
import { colorByOf, sizeByOf } from "./point_colors";
import { projectorAsk } from "./projector_request";

/** The question that each slot should hold the answer of; null leaves it empty. */
export type SlotRequests = { [S in SlotName]: SlotAsk<S> | null };

/** What the page needs to know, as a function of its state. */
export function slotRequests(state: State): SlotRequests {
  const none = emptyRequests();
  const series = seriesOf(state);
  const step = stepOf(state);
  const reference = referenceOf(state);
  if (!series || step === null || reference === null) return none;
  const of = { run: series.run, tag: series.tag };
  const { measure, metric, k } = state.view;
  // In an order that does not change with which of them is inspected.
  const compared = [...comparedRows(state)].sort((a, b) => a - b);
  const row = inspectedRow(state);
  const index = row !== null && row < series.vocab_size ? row : null;
  const trailed = trailedRows(state, series.vocab_size);
  const frequency = series.frequency_column;
  const drawn = mapStep(state) ?? step;
  const previewed = previewedStep(state);
  const previous = previousStep(series, drawn);
  const inLayout = { ...of, ...layoutAsk(state) };
  const shown = state.slots.positions.value;
  // The others of a layout that takes a while are there when the first one is.
  const isShown = shown?.layout === inLayout.layout;
  const isOpening = shown === null && state.slots.positions.failure === null;
  return {
    index: {},
    tokens: series.has_tokens ? of : null,
    frequency: frequency === null ? null : { ...of, column: frequency },
    positions: { ...inLayout, step: drawn },
    firstPositions: isShown ? { ...inLayout, step: series.steps[0] ?? step } : null,
    newestPositions: isShown ? { ...inLayout, step: series.steps.at(-1) ?? step } : null,
    referencePositions: state.view.arrows && isShown ? { ...inLayout, step: reference } : null,
    trails: trailed.length && isShown ? { ...inLayout, indices: trailed.join(".") } : null,
    drift: { ...of, from_step: reference, to_step: step, measure },
    // Colors keep their meaning from step to step: they are scaled by the newest.
    newestDrift: { ...of, from_step: reference, to_step: series.steps.at(-1) ?? step, measure },
    previewDrift:
      previewed === null ? null : { ...of, from_step: reference, to_step: previewed, measure },
    previewNorms:
      previewed !== null && [colorByOf(state), sizeByOf(state)].includes("norm")
        ? { ...of, step: previewed }
        : null,
    newestNorms: colorByOf(state) === "norm" ? { ...of, step: series.steps.at(-1) ?? step } : null,
    stepDrift:
      [colorByOf(state), sizeByOf(state)].includes("step_drift") && previous !== null
        ? { ...of, from_step: previous, to_step: drawn, measure }
        : null,
    // Only of a map that is there and at rest: nothing waits for it.
    quality: mapAtRest(state) ? { ...inLayout, step } : null,
    // They take every table: the first positions do not share the server with them.
    health: isOpening ? null : of,
    findings: isOpening ? null : { ...of, with_neighbors: looksForChangedNeighbors(state) },
    compared:
      compared.length > 1
        ? { ...of, indices: compared.join("."), reference_step: reference, measure }
        : null,
    trajectory: index === null ? null : { ...of, index, reference_step: reference, measure },
    motion:
      index === null || reference === step
        ? null
        : { ...of, index, from_step: reference, to_step: step },
    change:
      index === null ? null : { ...of, index, from_step: reference, to_step: step, metric, k },
    cancel: state.passing.cancelled === null ? null : { id: state.passing.cancelled },
    projector: projectorAsk(state, { ...of, step, reference_step: reference }),
  };
}

/** More trails than these are a thicket. */
const MOST_TRAILS = 8;

/** The rows whose ways are drawn: the last ones selected. */
function trailedRows({ view }: State, rows: number): number[] {
  return lastWithin(view.selection, rows, MOST_TRAILS);
}

function emptyRequests(): SlotRequests {
  return {
    index: {},
    tokens: null,
    frequency: null,
    positions: null,
    firstPositions: null,
    newestPositions: null,
    referencePositions: null,
    trails: null,
    drift: null,
    newestDrift: null,
    previewDrift: null,
    previewNorms: null,
    newestNorms: null,
    stepDrift: null,
    quality: null,
    health: null,
    findings: null,
    compared: null,
    trajectory: null,
    motion: null,
    change: null,
    cancel: null,
    projector: null,
  };
}

/** Only of a map that is there and at rest is it said how far it can be trusted. */
function mapAtRest(state: State): boolean {
  return showsStep(state) && !state.passing.playing && state.view.pane !== "projector";
}
