/** Defines what the state holds of the search. */

import { ALL, type Found } from "../search/vocabulary_search";

/** What the search has found, as of the last answer. */
export interface SearchState extends Found {
  /** The labels that it is true of. */
  readonly of: readonly string[];
  readonly query: string;
  /** A newer search is on its way. */
  readonly pending: boolean;
  readonly tooSlow: boolean;
}

export const NO_SEARCH: SearchState = { ...ALL, of: [], query: "", pending: false, tooSlow: false };
