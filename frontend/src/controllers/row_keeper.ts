/** Has the page hold the rows that it needs of a table that is too large to be held whole. */

import { type Asks, jobOf, type Question } from "../api/data_source";
import { type Numbering, numberingOf } from "../api/numbering";
import { rankedRequest, searchRequest, withinRequest } from "../selectors/table/whole_table";
import { seriesOf } from "../state/current";
import { inHeldRows, withFarRows } from "../state/held_rows";
import { unnoted } from "../state/history";
import type { State } from "../state/state";
import type { Store } from "../state/store";
import { JOB_POLL_MS } from "./intervals";

/** How long a question about the whole table must not change before it is asked, in milliseconds. */
const REST_MS = 200;

type Window = Question<"ranked"> | Question<"search"> | Question<"within">;

/** Holds what is selected, searched for, ranked first, or in the part of the map in view. */
export class RowKeeper {
  /** The tables whose view names rows as the page numbers them. */
  private readonly known = new Set<Numbering>();
  private readonly asked = new Map<string, string>();

  constructor(
    private readonly store: Store,
    private readonly source: Asks,
  ) {
    store.subscribe(() => this.keep());
  }

  private keep(): void {
    const { state } = this.store;
    const numbering = numberingOf(seriesOf(state));
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
    this.want("ranked", rankedRequest(state), numbering);
    this.want("search", searchRequest(state), numbering);
    this.want("within", withinRequest(state), numbering);
    this.tell(numbering);
  }

  /** Asks once the question has not changed for a while. */
  private want(name: string, question: Window | null, numbering: Numbering): void {
    const key = question?.key ?? "";
    if (this.asked.get(name) === key) return;
    this.asked.set(name, key);
    if (!question) return;
    setTimeout(() => {
      if (this.asked.get(name) === key) void this.hold(name, question, numbering);
    }, REST_MS);
  }

  private async hold(name: string, question: Window, numbering: Numbering): Promise<void> {
    try {
      for (;;) {
        const answer = await this.source.get<Window["route"]>(question);
        if (this.asked.get(name) !== question.key) return;
        if ((jobOf(answer)?.state ?? "done") === "done") {
          this.tell(numbering);
          return;
        }
        if (jobOf(answer)?.state === "failed") return;
        await new Promise((resolve) => setTimeout(resolve, JOB_POLL_MS));
      }
    } catch {
      // The rows that are held can still be ranked and searched. The next change asks again.
      this.asked.delete(name);
    }
  }

  /** Tells the state how many rows are held now. */
  private tell(numbering: Numbering): void {
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
