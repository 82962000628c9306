/** Shows the search and its best matches. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { labelsOf } from "../../selectors/labels";
import { rankingOf } from "../../selectors/table_order";
import { hover, patchView, select, selectRows } from "../../state/actions";
import { unnoted } from "../../state/history";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { short } from "../../util/number_format";
import { StateElement } from "../shared/state_element";
import { searchStyles } from "./search_box.css";

const MOST_SHOWN = 8;
/** The largest number of tokens that are selected at once; more could not be told apart. */
const MOST_SELECTED = 10_000;

function sliceOf(current: State) {
  return {
    query: current.view.query,
    search: current.search,
    ranking: rankingOf(current),
    labels: labelsOf(current),
    drift: current.slots.drift.value,
  };
}

/** The search box with its popup; matches are in the order of the table. */
@customElement("wordembed-search")
export class SearchBox extends StateElement(sliceOf) {
  static override styles = searchStyles;

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
        aria-expanded=${shown}
        aria-controls="found"
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
    const { search } = this.slice;
    const guessed = search.nearest.length > 0;
    // A press on the popup leaves the focus in the box.
    return html`<div
      class="popup"
      @mousedown=${(event: Event) => event.preventDefault()}>
      <div class="status spread dims" aria-busy=${search.pending}>
        <span role="status">${this.status()}</span>
        ${this.selectAll()}
      </div>
      ${guessed ? html`<p class="muted">${text.didYouMean}</p>` : nothing}
      <div id="found" class="dims" role="listbox" aria-busy=${search.pending} aria-label=${guessed ? text.didYouMean : text.bestMatches}>
        ${rows.map((row, at) => this.option(row, at))}
      </div>
      <p class="syntax">${text.searchSyntax}</p>
    </div>`;
  }

  private status(): string {
    const { search } = this.slice;
    if (search.tooSlow) return text.slowExpression;
    if (search.invalid !== null) return text.badExpression(search.invalid);
    if (search.mask) return search.count ? text.matches(search.count) : text.noMatch;
    return text.searching;
  }

  private selectAll(): TemplateResult | typeof nothing {
    const { search } = this.slice;
    if (!search.mask || search.count === 0) return nothing;
    const label =
      search.count > MOST_SELECTED
        ? text.selectFirst(MOST_SELECTED)
        : text.selectMatches(search.count);
    // Not reachable by Tab: Tab closes the popup, and the focus would be lost. Ctrl+Enter does the same.
    return html`<button
      class="link"
      tabindex="-1"
      title=${text.selectMatchesKey}
      @click=${this.onSelectAll}
    >
      ${label}
    </button>`;
  }

  private option(row: number, at: number): TemplateResult {
    const { labels, drift } = this.slice;
    const label = cleanLabel(labels[row] ?? `#${row}`);
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
      <span class="value">${short(drift?.values[row])}</span>
    </div>`;
  }

  /** Returns the rows of the best matches, or of similar spellings if nothing matches. */
  private rows(): readonly number[] {
    const { nearest } = this.slice.search;
    return nearest.length ? nearest : this.best(MOST_SHOWN);
  }

  /** Returns the best matches: the exact word, then rows of the table by rank, then the other rows. */
  private best(most: number): number[] {
    const { search, ranking } = this.slice;
    const { mask } = search;
    if (!mask || !ranking || !search.count) return [];
    const { order, places, first } = ranking;
    const best = new Set<number>(first === null ? [] : [first]);
    for (const place of places.subarray(0, most)) best.add(order[place] ?? 0);
    for (let row = 0; row < mask.length && best.size < Math.min(most, search.count); row++) {
      if (mask[row]) best.add(row);
    }
    return [...best].slice(0, most);
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

  protected override sync(): void {
    if (this.slice.search.pending) return;
    const { next } = this;
    this.next = null;
    next?.();
  }

  private pickActive(): void {
    const row = this.rows()[Math.max(this.active, 0)];
    if (row !== undefined) this.pick(row);
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
    const chosen = this.best(MOST_SELECTED);
    if (!chosen.length) return;
    this.act(selectRows(chosen.reverse()));
    this.open = false;
  }

  /** Handles keys: Enter picks a match, Ctrl+Enter all; Escape clears the search, then leaves the box. */
  private onKey(event: KeyboardEvent): void {
    const rows = this.rows();
    if (event.key === "Enter") {
      const all = event.ctrlKey || event.metaKey;
      const pick = () => (all ? this.onSelectAll() : this.pickActive());
      // During a search the matches are still those of an earlier query.
      if (this.slice.search.pending) this.next = pick;
      else pick();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const offset = event.key === "ArrowDown" ? 1 : -1;
      this.resume();
      const from = this.active < 0 && offset < 0 ? 0 : this.active;
      this.active = rows.length ? (from + offset + rows.length) % rows.length : -1;
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
