/** Finds the label of each row: its token, or its number where no tokens were logged. */

import { numberedLabels, tableRows } from "../../api/row_numbering";
import { seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";

const numbered = memo(numberedLabels);

export function labelsOf(state: State): readonly string[] {
  const series = seriesOf(state);
  if (!series) return [];
  if (!series.has_tokens) return numbered(series);
  return state.slots.tokens.value?.tokens ?? [];
}

const numbersOf = memo(tableRows);

/** Returns the number in the table of each row that the page holds. */
export function rowNumbers(state: State): Float64Array {
  const series = seriesOf(state);
  return series ? numbersOf(series) : new Float64Array();
}

export function labelOf(state: State, row: number): string {
  return labelsOf(state)[row] ?? `#${row}`;
}
