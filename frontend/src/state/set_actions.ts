/** Changes the saved selections: selections with a name and a color. */

import { patchView, selectRows } from "./actions";
import type { State } from "./state";
import type { RowSet } from "./view";

/** The number of colors, which the palette calls marks. */
export const SET_COLORS = 6;

/**
 * Keeps the selection under a name; one of the same name is replaced, and keeps its color.
 *
 * @param colors the order in which colors are given away
 */
export const saveSelection = (name: string, colors: readonly number[]) => (state: State) => {
  const { selection, sets } = state.view;
  // Half of a surrogate pair can't be written into a link.
  const trimmed = name.replace(/\p{Cs}/gu, "").trim();
  if (!trimmed || !selection.length) return state;
  const before = sets.find((set) => set.name === trimmed);
  const color = before?.color ?? freeColor(sets, colors);
  const saved: RowSet = { name: trimmed, color, rows: selection };
  const next = before ? sets.map((set) => (set === before ? saved : set)) : [...sets, saved];
  return patchView({ sets: next })(state);
};

function freeColor(sets: readonly RowSet[], colors: readonly number[]): number {
  const taken = new Set(sets.map(({ color }) => color));
  return colors.find((color) => !taken.has(color)) ?? sets.length % SET_COLORS;
}

export const removeSet = (name: string) => (state: State) =>
  patchView({ sets: state.view.sets.filter((set) => set.name !== name) })(state);

export const recolorSet = (name: string) =>
  changeSet(name, (set) => ({ ...set, color: (set.color + 1) % SET_COLORS }));

/** Shows the color of a set on the map and in the table, or hides it. */
export const toggleSet = (name: string) =>
  changeSet(name, ({ hidden, ...set }) => (hidden ? set : { ...set, hidden: true }));

const changeSet = (name: string, change: (set: RowSet) => RowSet) => (state: State) =>
  patchView({ sets: state.view.sets.map((set) => (set.name === name ? change(set) : set)) })(state);

export const selectSet = (name: string, additive: boolean) => (state: State) => {
  const set = state.view.sets.find((one) => one.name === name);
  return set ? selectRows(set.rows, additive ? "add" : "replace")(state) : state;
};
