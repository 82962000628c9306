import { patchView, selectRows } from "./actions";
import type { RowSet, State } from "./state";

/** Selections that were given a name. Pure changes of the state, as in actions.ts. */

/** As many as the palette has marks. */
export const SET_COLORS = 6;

/** Keeps the selection under a name; one of the same name is replaced, and keeps its color. */
export const saveSelection = (name: string) => (state: State) => {
  const { selection, sets } = state.view;
  // Halves of letters can't be written into a link.
  const trimmed = name.replace(/\p{Cs}/gu, "").trim();
  if (!trimmed || !selection.length) return state;
  const before = sets.find((set) => set.name === trimmed);
  const saved = { name: trimmed, color: before?.color ?? freeColor(sets), rows: selection };
  const next = before ? sets.map((set) => (set === before ? saved : set)) : [...sets, saved];
  return patchView({ sets: next })(state);
};

function freeColor(sets: readonly RowSet[]): number {
  const taken = new Set(sets.map(({ color }) => color));
  const free = Array.from({ length: SET_COLORS }, (_, color) => color).find(
    (color) => !taken.has(color),
  );
  return free ?? sets.length % SET_COLORS;
}

export const removeSet = (name: string) => (state: State) =>
  patchView({ sets: state.view.sets.filter((set) => set.name !== name) })(state);

/** Gives a set the next color. */
export const recolorSet = (name: string) => (state: State) =>
  patchView({
    sets: state.view.sets.map((set) =>
      set.name === name ? { ...set, color: (set.color + 1) % SET_COLORS } : set,
    ),
  })(state);

export const selectSet = (name: string, additive: boolean) => (state: State) => {
  const set = state.view.sets.find((one) => one.name === name);
  return set ? selectRows(set.rows, additive ? "add" : "replace")(state) : state;
};
