/** Decides which points of the map are dimmed: those that the filter leaves out, or all but a few. */

import { seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { bothMasks, maskOf } from "../../util/row_lists";
import { frequencyOf, frequentRows } from "../shared/frequency";
import { hoveredGroupMask } from "../table/groups";
import { filterMask, ignoresMinFrequency } from "../table/table_filter";
import { searchMask } from "../table/table_order";

/** Rings around more points than these would hide what is among them. */
const MOST_RINGED = 300;

/** Returns 1 for each row that search, filter and minimum frequency leave; null if all are left. */
export function keptMask(state: State): Uint8Array | null {
  // The default minimum is for the ranking only: the map shows all tokens until the user sets one.
  const floor = ignoresMinFrequency(state) ? 0 : (state.view.minFrequency ?? 0);
  const frequent = frequentRows(frequencyOf(state), floor);
  return combined(searchMask(state), filterMask(state), frequent);
}

/** Returns whether so many tokens are selected that the map shows them as a whole. */
export function isManySelected({ view }: State): boolean {
  return view.selection.length > MOST_RINGED;
}

/**
 * Returns 1 for each row that stands out: of the group below the pointer, or because many are
 * selected; null if none does.
 */
export function highlightedMask(state: State): Uint8Array | null {
  const hovered = hoveredGroupMask(state);
  if (hovered) return hovered;
  const { isolated, selection } = state.view;
  if (!isManySelected(state) || selection.length === isolated?.length) return null;
  return selected(selection, seriesOf(state)?.shown_rows ?? 0);
}

const combined = memo(bothMasks);
const selected = memo(maskOf);
