/** Tells the state which rows the page holds of a table that is too large to be held whole. */

import { type Numbering, numberingOf } from "../api/row_numbering";
import { seriesOf } from "../state/current";
import { inHeldRows, withFarRows } from "../state/held_rows";
import { unnoted } from "../state/history";
import type { State } from "../state/state";
import type { Store } from "../state/store";

/** Holds the rows that the view names, and says how many are held. Answers bring others. */
export class RowKeeper {
  /** The tables whose view names rows as the page numbers them. */
  private readonly known = new Set<Numbering>();

  constructor(private readonly store: Store) {
    store.subscribe(() => this.keep());
  }

  private keep(): void {
    const numbering = numberingOf(seriesOf(this.store.state));
    if (!numbering) return;
    if (!this.known.has(numbering)) {
      // The view came from a link, before it was known how its rows are numbered.
      this.known.add(numbering);
      this.store.update(unnoted((now) => ({ ...now, view: inHeldRows(now.view, now) })));
    }
    const view = withFarRows(this.store.state.view, numbering);
    if (view !== this.store.state.view) {
      this.store.update(unnoted((now) => ({ ...now, view })));
    }
    this.store.update((state) => withHeld(state, numbering.count));
  }
}

function withHeld(state: State, shown_rows: number): State {
  const index = state.slots.index.value;
  const shown = seriesOf(state);
  if (!index || !shown || shown.shown_rows === shown_rows) return state;
  const series = index.series.map((one) => (one === shown ? { ...one, shown_rows } : one));
  const slot = { ...state.slots.index, value: { ...index, series } };
  return { ...state, slots: { ...state.slots, index: slot } };
}
