/** Decides which selected tokens are compared side by side, and in which colors. */

import { seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { lastWithin } from "../../util/row_lists";

/** The largest number of tokens that can be told apart side by side. */
export const MOST_COMPARED = 6;

const compared = memo((selection: readonly number[], rows: number): readonly number[] =>
  lastWithin(selection, rows, selection.length > MOST_COMPARED ? 1 : MOST_COMPARED),
);

/**
 * Returns the rows that are looked at side by side: those selected, in their order, or of more than
 * can be told apart only the inspected one.
 */
export function comparedRows(state: State): readonly number[] {
  return compared(state.view.selection, seriesOf(state)?.shown_rows ?? 0);
}

/**
 * Returns which of the palette's marks each row has: the same in the map, charts and lists.
 * A row keeps its own for as long as it is among them; a new one gets the first that is free.
 */
export const marksOf = memo((rows: readonly number[]): ReadonlyMap<number, number> => {
  const kept = new Map([...given].filter(([row]) => rows.includes(row)));
  for (const row of rows) {
    if (kept.has(row)) continue;
    const taken = new Set(kept.values());
    kept.set(row, MARKS.find((mark) => !taken.has(mark)) ?? 0);
  }
  given = kept;
  return kept;
});

const MARKS = Array.from({ length: MOST_COMPARED }, (_, mark) => mark);
let given: ReadonlyMap<number, number> = new Map();
