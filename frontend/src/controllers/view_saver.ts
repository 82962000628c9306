/** Saves the view of each embedding in the browser and brings saved selections back. */

import type { Series } from "../api/contract.gen";
import { patchView } from "../state/actions";
import {
  type BrowserStorage,
  embeddingKey,
  joinedSets,
  type Widths,
} from "../state/browser_storage";
import { seriesOf } from "../state/current";
import { inHeldRows, inTableRows } from "../state/held_rows";
import { unnoted } from "../state/history";
import { decodeView, encodeView } from "../state/link/link_entries";
import type { SeriesOnScreen, State } from "../state/state";
import type { Store } from "../state/store";
import type { View } from "../state/view";

const SETTLED_MS = 500;

/** Returns the view and the series that were on screen last; an empty view if none is saved. */
export function lastVisit(storage: BrowserStorage): {
  view: Partial<View>;
  onScreen: SeriesOnScreen | null;
} {
  const last = Object.values(storage.views()).at(-1);
  if (!last) return { view: {}, onScreen: null };
  const view = decodeView(last.entries);
  const { run, tag } = view;
  const { vocabulary } = last;
  const known = { rows: null, vocabulary, first: null };
  return { view, onScreen: run && tag ? { run, tag, ...known } : null };
}

function widthsOf({ view, passing }: State): Widths {
  return { tableShare: view.tableShare, widths: passing.widths };
}

export class ViewSaver {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private kept: View | null = null;
  private widths: Widths;
  /** The embedding whose saved selections were brought back. */
  private shown = "";

  constructor(
    private readonly store: Store,
    private readonly storage: BrowserStorage,
  ) {
    this.widths = widthsOf(store.state);
    store.subscribe((state) => this.note(state));
    window.addEventListener("pagehide", () => this.keep());
  }

  private note(state: State): void {
    const { tableShare, widths } = widthsOf(state);
    if (tableShare !== this.widths.tableShare || widths !== this.widths.widths) {
      this.widths = { tableShare, widths };
      this.storage.keepWidths(this.widths);
    }
    const series = seriesOf(state);
    if (!series) return;
    if (this.bringSets(state, series)) return;
    if (state.view === this.kept) return;
    this.kept = state.view;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), SETTLED_MS);
  }

  /** Selections that were saved before come back with their embedding. */
  private bringSets(state: State, { run, tag, columns_id }: Series): boolean {
    const key = embeddingKey(run, tag);
    if (key === this.shown) return false;
    this.shown = key;
    const { sets } = state.view;
    const stored = { run, tag, sets: this.storage.sets(key, columns_id) };
    const joined = joinedSets(sets, inHeldRows(stored, state).sets);
    if (joined !== sets) this.store.update(unnoted(patchView({ sets: joined })));
    return joined !== sets;
  }

  private keep(): void {
    const { state } = this.store;
    const series = seriesOf(state);
    if (!series || state.slots.index.value?.scanning) return;
    const { run, tag, columns_id: vocabulary } = series;
    const view = inTableRows({ ...state.view, run, tag }, state);
    const entries = encodeView(view);
    this.storage.keepSets(embeddingKey(run, tag), vocabulary, view.sets);
    const views = this.storage.remember(embeddingKey(run, tag), { entries, vocabulary });
    this.store.update((current) => ({ ...current, savedViews: views }));
  }
}
