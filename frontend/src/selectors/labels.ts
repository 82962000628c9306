/** Finds the label of each row: its token, or its number where no tokens were logged. */

import { seriesOf } from "../state/current";
import type { State } from "../state/state";
import { memo } from "../util/memo";

const numbered = memo((count: number) => Array.from({ length: count }, (_, row) => `#${row}`));

export function labelsOf(state: State): readonly string[] {
  const series = seriesOf(state);
  if (!series) return [];
  if (!series.has_tokens) return numbered(series.vocab_size);
  return state.slots.tokens.value?.tokens ?? [];
}

export function labelOf(state: State, row: number): string {
  return labelsOf(state)[row] ?? `#${row}`;
}
