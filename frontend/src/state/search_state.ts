/** Defines what the state holds of the search. */

import { ALL, type Found } from "../search/vocabulary_search";

/** The result of the last search. */
export interface SearchState extends Found {
  /** The labels that were searched. */
  readonly of: readonly string[];
  readonly query: string;
  /** A newer search is on its way. */
  readonly pending: boolean;
  readonly tooSlow: boolean;
}

export const NO_SEARCH: SearchState = { ...ALL, of: [], query: "", pending: false, tooSlow: false };
