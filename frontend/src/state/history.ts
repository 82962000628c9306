/** Records the views that the user left, and goes back and forth among them. */

import { same } from "../util/same";
import { type History, NO_HISTORY, type State } from "./state";
import type { View } from "./view";

/** Changes of the same fields within this time are one: typing, dragging, holding a key. */
const ONE_CHANGE_MS = 1000;
/** Two clicks are two changes, so a second change of these fields counts after a shorter time. */
const DISTINCT: ReadonlySet<string> = new Set(["selection", "isolated", "sets"]);
const DISTINCT_MS = 300;
const MOST = 200;

/** Adds the view of a state to its history, so that undo can go back to the view before. */
export function noted(state: State, now: number): State {
  const { view, history } = state;
  if (history.present === view) return state;
  return { ...state, history: record(history, view, now, state.passing.playing) };
}

function record(history: History, view: View, now: number, playing: boolean): History {
  const { past, present, last } = history;
  if (present === null) return { ...NO_HISTORY, present: view };
  const changed = changedFields(present, view);
  const fields = changed.join();
  if (!changed.length) return { ...history, present: view };
  const within = changed.every((field) => DISTINCT.has(field)) ? DISTINCT_MS : ONE_CHANGE_MS;
  const goesOn =
    last?.fields === fields && (now - last.at < within || (playing && fields === "step"));
  if (!goesOn) {
    return {
      past: [...past, present].slice(-MOST),
      present: view,
      future: [],
      last: { fields, at: now },
    };
  }
  // A change that was changed back leaves no entry.
  const before = past.at(-1);
  const undone = before && !changedFields(before, view).length;
  return undone
    ? { past: past.slice(0, -1), present: view, future: [], last: null }
    : { past, present: view, future: [], last: { fields, at: now } };
}

function changedFields(before: View, after: View): string[] {
  const fields = Object.keys(after) as (keyof View)[];
  return fields.filter((field) => !same(before[field], after[field]));
}

/** Makes a change of the view that undo leaves alone, because the user did not make it. */
export const unnoted =
  (change: (state: State) => State) =>
  (state: State): State => {
    const next = change(state);
    const { history } = state;
    return next !== state && history.present === state.view
      ? { ...next, history: { ...history, present: next.view } }
      : next;
  };

export function undo(state: State): State {
  const { past, future } = state.history;
  const view = past.at(-1);
  return view ? moved(state, view, past.slice(0, -1), [state.view, ...future]) : state;
}

/** Shows the view again that the last `undo` left. */
export function redo(state: State): State {
  const { past, future } = state.history;
  const [view, ...rest] = future;
  return view ? moved(state, view, [...past, state.view], rest) : state;
}

function moved(state: State, view: View, past: readonly View[], future: readonly View[]): State {
  return {
    ...state,
    view,
    passing: { ...state.passing, playing: false },
    history: { past, present: view, future, last: null },
  };
}
