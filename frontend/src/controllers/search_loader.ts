/** Runs the search whenever the query or the labels change. */

import { type Outcome, Searcher } from "../search/searcher";
import { ALL } from "../search/vocabulary_search";
import { labelsOf } from "../selectors/shared/row_labels";
import { isServerSearching } from "../selectors/table/search_matches";
import { NO_SEARCH, type SearchState } from "../state/state";
import type { Store } from "../state/store";

/** Keeps `state.search` up to date. */
export class SearchLoader {
  private asked = { labels: [] as readonly string[], query: "", guesses: true };
  private readonly searcher: Searcher;

  constructor(
    private readonly store: Store,
    startWorker: () => Worker,
  ) {
    this.searcher = new Searcher(startWorker);
    store.subscribe(() => this.fill());
    this.fill();
  }

  private fill(): void {
    const { state } = this.store;
    const labels = labelsOf(state);
    const query = state.view.query.trim();
    // To look for words that are spelled alike would hold up what the server finds.
    const guesses = !isServerSearching(state);
    const { asked: before } = this;
    const isSame = labels === before.labels && query === before.query;
    const lacksGuesses = guesses && !before.guesses && state.search.count === 0;
    if (isSame && !lacksGuesses) return;
    this.asked = { labels, query, guesses };
    if (!query || !labels.length) {
      this.set(NO_SEARCH);
      return;
    }
    this.set({ ...state.search, pending: true });
    const asked = this.asked;
    const take = (outcome: Outcome) => {
      if (this.asked === asked) this.set({ ...answer(outcome), of: labels, query });
    };
    this.searcher.search(labels, query, take, guesses);
  }

  private set(search: SearchState): void {
    if (search !== this.store.state.search) this.store.update((state) => ({ ...state, search }));
  }
}

function answer(outcome: Outcome): Omit<SearchState, "of" | "query"> {
  const tooSlow = outcome === "too slow";
  return { ...(tooSlow ? ALL : outcome), pending: false, tooSlow };
}
