/** Decides which rows have the color of a saved selection, on the map and in the table. */

import { seriesOf } from "../../state/current";
import { SET_COLORS } from "../../state/set_actions";
import type { State } from "../../state/state";
import type { RowSet } from "../../state/view";
import { memo } from "../../util/memo";

export const shownSets = memo((sets: readonly RowSet[]): readonly RowSet[] =>
  sets.filter(({ hidden }) => !hidden),
);

const colorRows = memo((sets: readonly RowSet[], rows: number): Uint8Array | null => {
  const colors = new Uint8Array(rows);
  let some = false;
  for (const { color, rows: members } of sets) {
    for (const row of members) {
      if (row >= rows) continue;
      colors[row] = 1 + (color % SET_COLORS);
      some = true;
    }
  }
  return some ? colors : null;
});

/** Returns, for each row, 1 + the color of the last set that it is in, or 0; null without such rows. */
export function setColorsOf(state: State): Uint8Array | null {
  return colorRows(shownSets(state.view.sets), seriesOf(state)?.shown_rows ?? 0);
}

const membership = memo((sets: readonly RowSet[]): ReadonlyMap<number, readonly RowSet[]> => {
  const found = new Map<number, RowSet[]>();
  for (const set of sets) {
    for (const row of set.rows) found.set(row, [...(found.get(row) ?? []), set]);
  }
  return found;
});

/** Returns the sets that each row is in, of those that are shown. */
export function setsByRow(state: State): ReadonlyMap<number, readonly RowSet[]> {
  return membership(shownSets(state.view.sets));
}
