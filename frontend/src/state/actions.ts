/** Changes the state: one pure function for each thing that the user does. */

import type { Series } from "../api/contract.gen";
import { distinct, rowTest } from "../util/row_lists";
import { embeddingKey, joinedSets, openedView } from "./browser_storage";
import {
  allSeries,
  areLowFirst,
  columnsOf,
  findSeries,
  referenceOf,
  seriesOf,
  sortOf,
  stepOf,
} from "./current";
import { inHeldRows } from "./held_rows";
import type { Passing, State } from "./state";
import {
  FIRST_VIEW,
  MOST_PROBES,
  type NamedProbe,
  OF_ITSELF,
  PANES,
  type View,
  WITHOUT_ROWS,
} from "./view";

/** Returns names without one of them, or with it at the end. */
export function toggled<N extends string>(names: readonly N[], name: N): readonly N[] {
  return names.includes(name) ? names.filter((one) => one !== name) : [...names, name];
}

export const patchView =
  (patch: Partial<View>) =>
  (state: State): State => ({ ...state, view: { ...state.view, ...patch } });

/**
 * Shows a whole view, such as that of a link. A view without a width of the table keeps the
 * width, and selections that were saved under other names stay.
 */
export const wholeView =
  (view: Partial<View>) =>
  (state: State): State => {
    const { tableShare, sets } = state.view;
    const next = { ...state, view: { ...FIRST_VIEW, tableShare, ...view } };
    const isSame = embeddingOf(next) === embeddingOf(state);
    return isSame ? patchView({ sets: joinedSets(next.view.sets, sets) })(next) : next;
  };

function embeddingOf(state: State): string | null {
  const series = seriesOf(state);
  return series && embeddingKey(series.run, series.tag);
}

export const patchPassing =
  (patch: Partial<Passing>) =>
  (state: State): State => ({ ...state, passing: { ...state.passing, ...patch } });

/** Shows a series as the user left it, or else its default view: steps and rows of another
 * series mean nothing in it. */
export const enterSeries = (run: string, tag: string) => (state: State) =>
  patchPassing({ hover: null, playing: false, toast: null })(
    patchView({
      ...WITHOUT_ROWS,
      step: null,
      ...OF_ITSELF,
      eye: null,
      minFrequency: null,
      query: "",
      filter: "",
      ...leftWith(state, run, tag),
      run,
      tag,
    })(state),
  );

/** Returns the view in which the user left an embedding; empty if it was never shown. The width
 * of the table is not part of it, because it depends on the screen. */
function leftWith(state: State, run: string, tag: string): Partial<View> {
  const saved = state.savedViews[embeddingKey(run, tag)];
  const series = findSeries(allSeries(state), run, tag);
  if (!saved || !series) return {};
  const left = inHeldRows({ ...openedView(saved, series.columns_id), run, tag }, state);
  return { ...FIRST_VIEW, ...left, tableShare: state.view.tableShare };
}

/** Goes to a step. The newest one is stored as "newest", so that the page follows training. */
export const goToStep = (step: number) => (state: State) => {
  const newest = seriesOf(state)?.steps.at(-1);
  const mapRuns = state.view.mapRuns === "both" ? "both" : "own";
  return patchView({ step: step === newest ? null : step, mapRuns })(state);
};

/** Measures drift from a step of the series on screen. */
export const setReference = (step: number) => (state: State) => {
  const first = seriesOf(state)?.steps[0];
  return patchView({ ...OF_ITSELF, reference: step === first ? null : step })(state);
};

/** Measures drift from another series; from its newest step if none is given. */
export const compareWith =
  (other: Series, step: number | null = null) =>
  (state: State): State => {
    const { run, tag } = other;
    const shown = seriesOf(state);
    if (shown?.run === run && shown.tag === tag) {
      return step === null ? patchView(OF_ITSELF)(state) : setReference(step)(state);
    }
    const reference = step === other.steps.at(-1) ? null : step;
    const compared = patchView({ referenceRun: run, referenceTag: tag, reference })(state);
    // Two runs are compared again, so nobody needs the way back to the last comparison.
    return compared.passing.toast?.kind === "left"
      ? patchPassing({ toast: null })(compared)
      : compared;
  };

/** Measures drift from the earlier of two steps to the later one. */
export const compareSteps = (one: number, other: number) => (state: State) =>
  goToStep(Math.max(one, other))(setReference(Math.min(one, other))(state));

/** The largest number of seeds: each pair of them is compared. */
const MOST_SEEDS = 20;

export const toggleSeed = (run: string) => (state: State) => {
  const seeds = toggled(state.view.seeds, run);
  // A link may name more, which can be taken away.
  if (seeds.includes(run) && seeds.length > MOST_SEEDS) return state;
  return patchView({ seeds })(state);
};

/** Moves along the steps by an offset in their order, staying inside. */
export const moveStep = (offset: number) => (state: State) =>
  goToNeighbor(state, stepOf(state), offset, goToStep);

export const moveReference = (offset: number) => (state: State) =>
  goToNeighbor(state, referenceOf(state), offset, setReference);

function goToNeighbor(
  state: State,
  from: number | null,
  offset: number,
  go: (step: number) => (state: State) => State,
): State {
  const steps = seriesOf(state)?.steps ?? [];
  if (from === null || !steps.length) return state;
  const at = Math.min(Math.max(steps.indexOf(from) + offset, 0), steps.length - 1);
  const step = steps[at];
  return step === undefined || step === from ? state : go(step)(state);
}

/** Selects a row, or adds it or takes it away; null for a click on nothing. */
export const select =
  (index: number | null, additive = false) =>
  (state: State): State => {
    if (index === null) return additive ? state : selectRows([])(state);
    const isTaken = additive && state.view.selection.includes(index);
    const how = additive ? "add" : "replace";
    return selectRows([index], isTaken ? "remove" : how)(state);
  };

/** Selects rows, or adds them, or takes them away. The last one is inspected. */
export const selectRows =
  (rows: readonly number[], how: "replace" | "add" | "remove" = "replace") =>
  (state: State): State => {
    const { selection } = state.view;
    const given = rowTest(rows);
    const others = how === "replace" ? [] : selection.filter((row) => !given.has(row));
    const next = how === "remove" ? others : others.concat(distinct(rows));
    if (!next.length && !selection.length) return state;
    return patchPassing({ panel: next.length ? "token" : state.passing.panel })(
      patchView({ selection: next })(state),
    );
  };

export const isolateSelection = (state: State): State => {
  const { isolated, selection } = state.view;
  return selection.length || isolated ? isolate(selection.length ? selection : null)(state) : state;
};

export const isolate =
  (rows: readonly number[] | null) =>
  (state: State): State =>
    patchView({ isolated: rows && [...rows].sort((a, b) => a - b) })(state);

export const openHealth =
  (open: boolean) =>
  (state: State): State =>
    patchPassing({ healthPanel: null, hoverStep: null, hoversChart: false })(
      patchView({ healthOpen: open })(state),
    );

/** Scores the table against a probe; of too many, the first one goes. */
export const addProbe = (probe: NamedProbe) => (state: State) =>
  patchView({ probes: [...state.view.probes, probe].slice(-MOST_PROBES) })(state);

/** Removes the probe at this place. */
export const removeProbe = (place: number) => (state: State) =>
  patchView({ probes: state.view.probes.filter((_, at) => at !== place) })(state);

/** Says which step the pointer is at: in a chart, or on the timeline. */
export const hoverStep =
  (step: number | null, inChart = false) =>
  (state: State): State => {
    const hoversChart = inChart && step !== null;
    const { passing } = state;
    if (passing.hoverStep === step && passing.hoversChart === hoversChart) return state;
    return patchPassing({ hoverStep: step, hoversChart })(state);
  };

export const inspect =
  (row: number) =>
  (state: State): State => {
    const { selection } = state.view;
    if (selection.at(-1) === row) return state;
    return patchView({ selection: [...selection.filter((one) => one !== row), row] })(state);
  };

/** Shows a column at the end of the table, or hides it. */
export const toggleColumn = (id: string) => (state: State) =>
  patchView({ columns: toggled(columnsOf(state), id) })(state);

/** Sorts by a column: the natural way at the first click, and each time the other way round. */
export const sortBy = (by: string) => (state: State) => {
  const sort = sortOf(state);
  const first = by !== "token" && !areLowFirst(by);
  const descending = sort.by === by ? !sort.descending : first;
  return patchView({ sort: { by, descending } })(state);
};

export const hover =
  (index: number | null) =>
  (state: State): State =>
    state.passing.hover === index ? state : patchPassing({ hover: index })(state);

/** Lists groups instead of tokens; an empty text lists tokens. */
export const groupBy = (by: string) => (state: State) =>
  patchPassing({ hoveredGroup: null })(patchView({ groupBy: by })(state));

/** Plays or pauses; playing from the newest step starts over. */
export const togglePlaying = (state: State): State => {
  const { playing } = state.passing;
  const steps = seriesOf(state)?.steps ?? [];
  if (!playing && steps.length < 2) return state;
  const [first] = steps;
  const again = !playing && stepOf(state) === steps.at(-1) && first !== undefined;
  return patchPassing({ playing: !playing })(again ? goToStep(first)(state) : state);
};

/** Moves the tokens on the map to where they are in the other run, or shows both; again: back. */
export const toggleMapRuns = (runs: "other" | "both") => (state: State) =>
  patchView({ mapRuns: state.view.mapRuns === runs ? "own" : runs })(state);

export const toggleArrows = (state: State) => patchView({ arrows: !state.view.arrows })(state);

export const toggleAxes = (state: State) =>
  patchView({ axes: state.view.axes === "equal" ? "fill" : "equal" })(state);

export const nextPane = (state: State): State => {
  if (state.savedPage) return state;
  const next = PANES[(PANES.indexOf(state.view.pane) + 1) % PANES.length] ?? "map";
  return patchView({ pane: next })(state);
};

export const togglePresenting = (state: State) =>
  patchView({ presenting: !state.view.presenting })(state);

export const lookForChangedNeighbors = (state: State) => patchView({ withNeighbors: true })(state);

export const stopLookingForChangedNeighbors = (job: string) => (state: State) =>
  patchPassing({ cancelled: job || null })(patchView({ withNeighbors: false })(state));
