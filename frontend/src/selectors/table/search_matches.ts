/** Finds the best matches of a search, and says why the table does not list a match. */

import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { frequencyOf } from "../shared/frequency";
import { isolatedMask } from "../shared/isolation";
import { filterMask, narrowedMask, tableFloor } from "./table_filter";
import { type Ranking, rankingOf, searchMask } from "./table_order";

/** How many matches are listed. */
export const MOST_LISTED = 8;

/** What can leave rows out of the table beside the minimum frequency. */
type Narrowing = "filter" | "isolated" | "selected";

/** Returns whether matches may still come: of a table that is too large for the page, from the server. */
export function isSearching(state: State): boolean {
  return state.search.pending || isServerSearching(state);
}

/** Returns whether the server may still name matches, or the tokens of those that it named are on their way. */
export function isServerSearching({ slots: { found, tokens } }: State): boolean {
  return found.pending !== null || (found.key !== null && tokens.pending !== null);
}

/** Returns the best matches of the search, the very word first. */
export function bestMatches(state: State): readonly number[] {
  const ranking = rankingOf(state);
  const mask = searchMask(state);
  const { exact, starts } = state.search;
  return ranking && mask ? best(ranking, mask, starts, exact, MOST_LISTED) : [];
}

/** Returns all matches, the best one last: it is inspected. */
export function allMatches(state: State): number[] {
  const ranking = rankingOf(state);
  const mask = searchMask(state);
  if (!ranking || !mask) return [];
  const { exact, starts, count } = state.search;
  return bestOf(ranking, mask, starts, exact, count).reverse();
}

/** Lists the word itself, then tokens that begin with the query, then others, each in table order. */
function bestOf(
  { order, places }: Ranking,
  mask: Uint8Array,
  starts: Uint8Array | null,
  exact: number | null,
  most: number,
): number[] {
  const found = new Set<number>(exact === null ? [] : [exact]);
  for (const first of starts ? [1, 0] : [0]) {
    for (let at = 0; at < places.length && found.size < most; at++) {
      const row = order[places[at] as number] as number;
      if (!first || starts?.[row]) found.add(row);
    }
  }
  // Those that the table leaves out come last.
  for (const first of starts ? [1, 0] : [0]) {
    for (let row = 0; row < mask.length && found.size < most; row++) {
      if (mask[row] && (!first || starts?.[row])) found.add(row);
    }
  }
  return [...found];
}

const best = memo(bestOf);

/** Returns how many matches the table leaves out, and for which reasons. */
export function leftOut(state: State) {
  const { places, hidden } = rankingOf(state) ?? { places: [], hidden: 0 };
  const { filter, onlySelected } = state.view;
  const narrowings: Narrowing[] = [];
  if (filter.trim() && filterMask(state)) narrowings.push("filter");
  if (isolatedMask(state)) narrowings.push("isolated");
  if (onlySelected) narrowings.push("selected");
  const narrowed = state.search.count - places.length - hidden;
  return { rare: hidden, floor: tableFloor(state), narrowed, narrowings };
}

/** Returns why the table does not list a row; null if it does. */
export function whyLeftOut(state: State, row: number): "narrowed" | "rare" | null {
  if (narrowedMask(state)?.[row] === 0) return "narrowed";
  return (frequencyOf(state)?.[row] ?? 0) < tableFloor(state) ? "rare" : null;
}
