/** Finds what the search found among the labels on screen. */

import type { SearchState } from "../state/search_state";
import type { State } from "../state/state";
import { labelsOf } from "./labels";

/** null without a search. */
export function foundOf(state: State): SearchState | null {
  const { search } = state;
  return search.mask && search.of === labelsOf(state) ? search : null;
}

/** 1 for each row that the search finds; null without a search. */
export function searchMask(state: State): Uint8Array | null {
  return foundOf(state)?.mask ?? null;
}
