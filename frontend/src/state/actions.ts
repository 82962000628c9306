/** Changes the state: one pure function for each thing that the user does. */

import type { View as Place } from "../api/contract.gen";
import { distinct, rowTest } from "../util/row_lists";
import { embeddingKey, joinedSets, openedView } from "./browser_storage";
import { findSeries, referenceOf, seriesOf, stepOf } from "./current";
import { initialState, type Passing, type State } from "./state";
import { MEASURES, PANES, type Sort, type View, WITHOUT_ROWS } from "./view";

export const patchView =
  (patch: Partial<View>) =>
  (state: State): State => ({ ...state, view: { ...state.view, ...patch } });

/**
 * A whole view, as of a link; one that says nothing of the table's width leaves it alone, and
 * selections that were saved under other names stay.
 */
export const wholeView =
  (view: Partial<View>) =>
  (state: State): State => {
    const { tableShare, sets } = state.view;
    const next = { ...state, view: { ...initialState().view, tableShare, ...view } };
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

/** Shows another series; the one on screen stays as it is. */
export const openSeries = (run: string, tag: string) => (state: State) => {
  const shown = seriesOf(state);
  if (shown?.run === run && shown.tag === tag) return state;
  return patchPassing({ notice: null })(enterSeries(run, tag)(state));
};

/** Shows a series as it was left, or from its beginning: steps and rows of another mean nothing. */
export const enterSeries = (run: string, tag: string) => (state: State) =>
  patchPassing({ hover: null, playing: false })(
    patchView({
      ...WITHOUT_ROWS,
      step: null,
      reference: null,
      eye: null,
      minFrequency: null,
      query: "",
      filter: "",
      ...leftWith(state, run, tag),
      run,
      tag,
    })(state),
  );

/** The whole view that an embedding was left with, if it was looked at before. The table
 * stays as wide as it is: how wide is a matter of the screen. */
function leftWith(state: State, run: string, tag: string): Partial<View> {
  const saved = state.savedViews[embeddingKey(run, tag)];
  const series = findSeries(state.slots.index.value?.series ?? [], run, tag);
  if (!saved || !series) return {};
  const left = openedView(saved, series.columns_id);
  return { ...initialState().view, ...left, tableShare: state.view.tableShare };
}

/** The newest step is kept as "newest", so that the page follows training. */
export const goToStep = (step: number) => (state: State) => {
  const newest = seriesOf(state)?.steps.at(-1);
  return patchView({ step: step === newest ? null : step })(state);
};

export const setReference = (step: number) => (state: State) => {
  const first = seriesOf(state)?.steps[0];
  return patchView({ reference: step === first ? null : step })(state);
};

/** From the earlier of two steps to the later. */
export const compareSteps = (one: number, other: number) => (state: State) =>
  goToStep(Math.max(one, other))(setReference(Math.min(one, other))(state));

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

export const select =
  (index: number | null, additive = false) =>
  (state: State): State => {
    const { selection } = state.view;
    if (index === null) {
      return additive || !selection.length ? state : patchView({ selection: [] })(state);
    }
    const others = selection.filter((row) => row !== index);
    const next = additive
      ? others.length < selection.length
        ? others
        : [...others, index]
      : [index];
    return patchPassing({ panel: next.length ? "token" : state.passing.panel })(
      patchView({ selection: next })(state),
    );
  };

/** All rows within a lasso, or of any other set: the last one is inspected. */
export const selectRows =
  (rows: readonly number[], how: "replace" | "add" | "remove" = "replace") =>
  (state: State): State => {
    const { selection } = state.view;
    const given = rowTest(rows);
    if (how === "remove") {
      return patchView({ selection: selection.filter((row) => !given.has(row)) })(state);
    }
    const others = how === "add" ? selection.filter((row) => !given.has(row)) : [];
    const next = others.concat(distinct(rows));
    if (!next.length && !selection.length) return state;
    return patchPassing({ panel: next.length ? "token" : state.passing.panel })(
      patchView({ selection: next })(state),
    );
  };

/** Draws only the selected rows, or all again. */
export const isolateSelection = (state: State): State => {
  const { isolated, selection } = state.view;
  return selection.length || isolated ? isolate(selection.length ? selection : null)(state) : state;
};

export const isolate =
  (rows: readonly number[] | null) =>
  (state: State): State =>
    patchView({ isolated: rows && [...rows].sort((a, b) => a - b) })(state);

/**
 * Goes to where a finding is to be seen: its steps, its measure, its rows selected, and
 * the view that shows it open. The first row is the most telling: it is inspected.
 */
export const openPlace =
  ({ name, step, reference_step, indices, measure }: Place) =>
  (state: State): State => {
    const rest = patchPassing({ playing: false, hoverStep: null, hoversChart: false })(state);
    const at = goToStep(step)(rest);
    const compared = reference_step === null ? at : setReference(reference_step)(at);
    const measured = MEASURES.find((known) => known === measure);
    const view: Partial<View> = indices.length
      ? { selection: [...indices].reverse(), isolated: null }
      : {};
    if (measured) view.measure = measured;
    return openView(name, measure)(patchView(view)(compared));
  };

const openView =
  (name: Place["name"], measure: string | null) =>
  (state: State): State => {
    if (name === "health") {
      return patchPassing({ panel: "health", healthPanel: measure })(openHealth(true)(state));
    }
    if (name === "token") return patchPassing({ panel: "token" })(state);
    if (name === "map") return state;
    // What never moved is on top, and nothing hides it.
    const sort: Sort = { by: "drift", descending: false };
    const listed = patchView({ sort, query: "", minFrequency: 0 })(state);
    return patchPassing({ panel: "table" })(listed);
  };

/** Shows the panels of Health, or hides them. */
export const openHealth =
  (open: boolean) =>
  (state: State): State =>
    patchPassing({ healthPanel: null, hoverStep: null, hoversChart: false })(
      patchView({ healthOpen: open })(state),
    );

/** Says which step the pointer is at, in all charts and on the timeline. */
export const hoverStep =
  (step: number | null) =>
  (state: State): State =>
    state.passing.hoverStep === step
      ? state
      : patchPassing({ hoverStep: step, hoversChart: false })(state);

/** Inspects one of the selected rows. */
export const inspect =
  (row: number) =>
  (state: State): State => {
    const { selection } = state.view;
    if (selection.at(-1) === row) return state;
    return patchView({ selection: [...selection.filter((one) => one !== row), row] })(state);
  };

/** A column of the table is shown behind the others, or no longer. */
export const toggleColumn = (id: string) => (state: State) => {
  const { columns } = state.view;
  const others = columns.filter((one) => one !== id);
  return patchView({ columns: others.length < columns.length ? others : [...columns, id] })(state);
};

/** The first click on a column sorts the natural way, the next ones the other way round. */
export const sortBy = (by: string) => (state: State) => {
  const { sort } = state.view;
  const descending = sort.by === by ? !sort.descending : by !== "token";
  return patchView({ sort: { by, descending } })(state);
};

export const hover =
  (index: number | null) =>
  (state: State): State =>
    state.passing.hover === index ? state : patchPassing({ hover: index })(state);

/** Playing from the newest step starts over. */
export const togglePlaying = (state: State): State => {
  const { playing } = state.passing;
  const steps = seriesOf(state)?.steps ?? [];
  if (!playing && steps.length < 2) return state;
  const [first] = steps;
  const again = !playing && stepOf(state) === steps.at(-1) && first !== undefined;
  return patchPassing({ playing: !playing })(again ? goToStep(first)(state) : state);
};

/** Says at which step of a chart the pointer is. */
export const hoverChart =
  (step: number | null) =>
  (state: State): State =>
    patchPassing({ hoverStep: step, hoversChart: step !== null })(state);

/** The next of the views, around. */
export const nextPane = (state: State): State => {
  const next = PANES[(PANES.indexOf(state.view.pane) + 1) % PANES.length] ?? "map";
  return patchView({ pane: next })(state);
};

export const lookForChangedNeighbors = (state: State) => patchView({ withNeighbors: true })(state);

export const stopLookingForChangedNeighbors = (job: string) => (state: State) =>
  patchPassing({ cancelled: job || null })(patchView({ withNeighbors: false })(state));
