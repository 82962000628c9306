/** Shows the search and its best matches. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { labelsOf } from "../../selectors/shared/row_labels";
import {
  allMatches,
  bestMatches,
  isSearching,
  leftOut,
  whyLeftOut,
} from "../../selectors/table/search_matches";
import { rankingOf } from "../../selectors/table/table_order";
import { hover, patchView, select, selectRows } from "../../state/actions";
import { unnoted } from "../../state/history";
import { isAnswered } from "../../state/slots";
import type { State } from "../../state/state";
import { MEASURE_NAMES, METRIC_NAMES, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { short } from "../../util/number_format";
import { movedBy } from "../shared/controls";
import { NONE, StateElement } from "../shared/state_element";
import { reasonsOf, statusOf } from "./search_words";

function sliceOf(current: State) {
  return {
    query: current.view.query,
    search: current.search,
    searching: isSearching(current),
    /** What the server found in a table that is too large for the page. */
    found: isAnswered(current.slots.found) ? current.slots.found.value : null,
    /** What the matches and their order follow from. */
    ranking: rankingOf(current),
    labels: labelsOf(current),
    drift: current.slots.drift.value,
    analogy: current.slots.analogy,
  };
}

/** The search box with its popup; matches are in the order of the table. */
@customElement("wordembed-search")
export class SearchBox extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      position: relative;
      flex: 1 1 120px;
      min-width: 100px;
      max-width: 240px;
    }
    input {
      width: 100%;
    }
    .popup {
      top: 32px;
      right: 0;
      width: max(100%, 288px);
      padding: 8px 0;
    }
    .status,
    .popup p {
      padding: 0 12px;
    }
    .status {
      gap: 12px;
      margin-bottom: 4px;
    }
    .status button {
      flex: none;
    }
    .option {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      gap: 8px;
    }
    .syntax {
      margin-top: 4px;
    }
  `;

  @query("input") private input!: HTMLInputElement;
  @state() private open = false;
  /** The index of the match that Enter picks; -1 for the best match. */
  @state() private active = -1;
  /** The action of an Enter that was pressed before the response arrived. */
  private next: (() => void) | null = null;

  /** The query of the last pick, which an empty box brings back. */
  private last = "";
  /** Whether the query was brought back and not used since. */
  private resumed = false;

  focusInput(): void {
    this.input.focus();
    this.input.select();
  }

  protected override render(): TemplateResult {
    const shown = this.open && this.slice.query.trim() !== "";
    const rows = shown ? this.rows() : [];
    return html`
      <input
        type="search"
        role="combobox"
        aria-label=${text.search}
        aria-expanded=${rows.length > 0}
        aria-controls=${rows.length ? "found" : nothing}
        aria-autocomplete="list"
        aria-activedescendant=${rows[this.active] === undefined ? nothing : `found-${this.active}`}
        aria-invalid=${this.slice.search.invalid !== null}
        placeholder=${text.searchHint}
        autocomplete="off"
        spellcheck="false"
        .value=${this.slice.query}
        @input=${this.onInput}
        @focus=${this.resume}
        @click=${this.resume}
        @blur=${this.onBlur}
        @keydown=${this.onKey}
      />
      ${shown ? this.popup(rows) : nothing}
    `;
  }

  private popup(rows: readonly number[]): TemplateResult {
    const isBusy = this.slice.searching || this.slice.analogy.pending !== null;
    const reasons = reasonsOf(this.slice, this.store.state);
    // A press on the popup leaves the focus in the box.
    return html`<div
      class="popup"
      @mousedown=${(event: Event) => event.preventDefault()}>
      <div class="status spread dims" aria-busy=${isBusy}>
        <span role="status">${statusOf(this.slice)}</span>
        ${this.selectAll()}
      </div>
      ${reasons.length ? html`<p class="muted">${reasons.join(" · ")}</p>` : nothing}
      ${rows.length ? this.list(rows, isBusy) : nothing}
      <p class="syntax muted small">${text.searchSyntax}</p>
    </div>`;
  }

  private list(rows: readonly number[], isBusy: boolean): TemplateResult {
    const { search, drift } = this.slice;
    const guessed = search.nearest.length > 0;
    const name = guessed ? text.didYouMean : text.bestMatches;
    const value = search.expression ? METRIC_NAMES.cosine : drift && MEASURE_NAMES[drift.measure];
    return html`<p class="spread muted"><span>${guessed ? name : ""}</span><span>${value}</span></p>
      <div id="found" class="dims" role="listbox" aria-busy=${isBusy} aria-label=${name}>
        ${rows.map((row, at) => this.option(row, at))}
      </div>`;
  }

  private selectAll(): TemplateResult | typeof nothing {
    const { search } = this.slice;
    const all = search.expression ? this.rows().length : search.count;
    if (!all) return nothing;
    // Not reachable by Tab: Tab closes the popup, and the focus would be lost. Ctrl+Enter does the same.
    return html`<button
      class="link"
      tabindex="-1"
      title=${text.selectMatchesKey}
      @click=${this.onSelectAll}
    >
      ${text.selectMatches(all)}
    </button>`;
  }

  private option(row: number, at: number): TemplateResult {
    const label = cleanLabel(this.slice.labels[row] ?? `#${row}`);
    return html`<div
      id="found-${at}"
      role="option"
      aria-selected=${at === this.active}
      class="option"
      title=${label}
      @click=${() => this.pick(row)}
      @mouseenter=${() => this.act(hover(row))}
      @mouseleave=${() => this.act(hover(null))}
    >
      <span class="token ellipsis" dir="auto">${label}</span>
      <span class="muted">${this.worth(row)}</span>
    </div>`;
  }

  /** Returns the drift of a match or the cosine of an answer; why the table leaves it out, if it does. */
  private worth(row: number): string {
    const { search, drift, analogy } = this.slice;
    if (search.expression) {
      return short(analogy.value?.nearest.find(({ index }) => index === row)?.cosine);
    }
    const why = whyLeftOut(this.store.state, row);
    if (why === "narrowed") return text.filteredOut;
    return why ? text.rarer(leftOut(this.store.state).floor) : short(drift?.values[row]);
  }

  /** Returns the best matches, the answers to an expression, or similar spellings if nothing matches. */
  private rows(): readonly number[] {
    const { search, searching, analogy } = this.slice;
    if (search.expression) {
      const { value, failure } = analogy;
      return failure ? NONE : (value?.nearest.map(({ index }) => index) ?? NONE);
    }
    return search.nearest.length && !searching ? search.nearest : bestMatches(this.store.state);
  }

  private show(open: boolean): void {
    this.open = open;
    this.active = -1;
    if (!open) this.act(hover(null));
  }

  /**
   * Selects a token and ends the search, so that the table shows the token among all others. Also ends
   * hovering, as the hover card would cover the token's neighbors.
   */
  private pick(row: number): void {
    this.last = this.slice.query;
    this.resumed = false;
    this.act((current) => patchView({ query: "" })(select(row)(current)));
    this.act(hover(null));
    this.open = false;
  }

  /** Brings the last query back into an empty box, selected, so that typing replaces it. */
  private resume(): void {
    if (!this.open) this.show(true);
    if (this.slice.query || !this.last) return;
    this.resumed = true;
    this.act(unnoted(patchView({ query: this.last })));
    void this.updateComplete.then(() => this.input.select());
  }

  private onBlur(): void {
    this.show(false);
    if (this.resumed) this.act(unnoted(patchView({ query: "" })));
    this.resumed = false;
  }

  private get isPending(): boolean {
    const { search, searching, analogy } = this.slice;
    return searching || (search.expression !== null && analogy.pending !== null);
  }

  protected override updated(): void {
    if (this.isPending) return;
    const { next } = this;
    this.next = null;
    next?.();
  }

  private onInput(): void {
    this.next = null;
    this.last = "";
    this.resumed = false;
    this.show(true);
    this.act(patchView({ query: this.input.value }));
  }

  /** Selects all matches, with the best match last, as the last one is inspected. */
  private onSelectAll(): void {
    const { expression } = this.slice.search;
    const chosen = expression ? this.rows().toReversed() : allMatches(this.store.state);
    if (!chosen.length) return;
    this.act(selectRows(chosen));
    this.open = false;
  }

  /** Handles keys: Enter picks a match, Ctrl+Enter all; Escape clears the search, then leaves the box. */
  private onKey(event: KeyboardEvent): void {
    const rows = this.rows();
    if (event.key === "Enter") {
      const all = event.ctrlKey || event.metaKey;
      const pick = () => {
        const row = this.rows()[Math.max(this.active, 0)];
        if (all) this.onSelectAll();
        else if (row !== undefined) this.pick(row);
      };
      // During a search the matches are still those of an earlier query.
      if (this.isPending) this.next = pick;
      else pick();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.resume();
      this.active = movedBy(event.key, this.active, rows.length);
      const row = rows[this.active];
      if (row !== undefined) this.act(hover(row));
    } else if (event.key === "Escape") {
      this.last = "";
      this.resumed = false;
      if (this.slice.query) this.act(patchView({ query: "" }));
      else this.input.blur();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
