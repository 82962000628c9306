/** Shows the table of all tokens with the columns that the user chose. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import "./group_table";
import "./ranking_head";
import "./table_footer";
import { selectMany } from "../../selectors/map/label_priority";
import { listedRows } from "../../selectors/table/table_order";
import { hover, patchPassing, patchView, select, selectRows } from "../../state/actions";
import { ranksFor } from "../../state/ranks";
import { text } from "../../strings";
import { edge, shareOf } from "../shared/resize_edge";
import { StateElement, watchesSize } from "../shared/state_element";
import { NARROWEST_PX, OF_TWO_RUNS_PX, REST_PX, rulerOf, tableWidths } from "./column_widths";
import { cellStyles, tableStyles } from "./drift_table.css";
import { namesOf, tableHeads, tableRow } from "./table_lines";
import { rowsFromTo, tableSlice } from "./table_slice";

const ROW_PX = 24;
const HEAD_PX = 26;
/** How many rows are drawn before and after those in view. */
const SPARE = 8;
/** The space that stays below a row that keys move to, in CSS pixels. */
const BELOW_PX = 4;
/** The distance that an arrow key moves the edge of the table, in CSS pixels. */
const KEY_PX = 24;

@customElement("wordembed-drift-table")
export class DriftTable extends StateElement(tableSlice) {
  static override styles = [cellStyles, tableStyles];

  @query(".rows") private scroller!: HTMLElement;
  /** The row that keys act on and that starts an extended selection. */
  @state() private active: number | null = null;
  private anchor: number | null = null;
  /** The place of the first row in view, and the height of the list, in CSS pixels. */
  @state() private first = 0;
  @state() private height = 0;
  /** What the table listed, in which order, and the token that was inspected. */
  private shown = { listed: "", sorted: "", inspected: null as number | null };

  constructor() {
    super();
    const measure = () => this.measure();
    watchesSize(this, measure);
    watchesSize(this, measure, () => this.scroller);
  }

  protected override firstUpdated(): void {
    this.measure();
  }

  private measure(): void {
    this.height = this.scroller.clientHeight;
    // A list that was hidden may be at its start again.
    this.onScroll();
    // Another width may leave no room for bars.
    this.requestUpdate();
  }

  protected override updated(): void {
    this.tellRows();
    const { inspected, search, sort, ranking, narrowedBy } = this.slice;
    // A new step does not scroll the table: while playing, its rows would move away from the user.
    if (!ranking) return;
    const before = this.shown;
    const [listed, sorted] = [JSON.stringify([search, narrowedBy]), JSON.stringify(sort)];
    this.shown = { listed, sorted, inspected };
    const isListedAnew = listed !== before.listed;
    const isWhole = !search && !narrowedBy;
    if (inspected !== null && (inspected !== before.inspected || (isListedAnew && isWhole))) {
      this.active = inspected;
      this.center(this.placeOf(inspected));
    } else if (before.sorted && (isListedAnew || sorted !== before.sorted)) {
      // The first rows of a new list are the interesting ones.
      this.scrollList(0);
    }
  }

  protected override render(): TemplateResult {
    const { ranking, columns, loading, stale, tableShare, isGrouped, isOther } = this.slice;
    const heads = columns.map((column) => namesOf(column, this.slice).label);
    const sized = tableWidths({ ...this.slice, heads }, rulerOf(this), this.clientWidth);
    const { rank, token, widths, least, isTight } = sized;
    // Groups have more columns than there is room for.
    const wanted = Math.max(sized.wanted, isOther ? OF_TWO_RUNS_PX : 0);
    this.style.setProperty("--wanted", isGrouped ? "100vw" : `${wanted}px`);
    this.toggleAttribute("sized", tableShare !== null);
    const columnWidths = widths.map(({ width }) => `${width}px`).join(" ");
    return html`
      <wordembed-ranking-head .store=${this.store}></wordembed-ranking-head>
      <div
        class="rows dims ${isTight ? "tight" : ""}"
        ?hidden=${isGrouped}
        style="--rank-width: ${rank}px; --token-least: ${token}px; --columns: ${columnWidths}; --least: ${least}px"
        role="grid"
        tabindex="0"
        aria-label=${text.table}
        aria-busy=${loading}
        ?data-stale=${stale}
        aria-multiselectable="true"
        aria-rowcount=${(ranking?.places.length ?? 0) + 1}
        aria-colcount=${columns.length + 2}
        aria-activedescendant=${this.isDrawn(this.active) ? `row-${this.active}` : nothing}
        @keydown=${this.onKey}
        @scroll=${this.onScroll}
        @mouseleave=${() => this.act(hover(null))}
      >
        ${tableHeads(this.slice, this.act, widths)} ${this.rows()}
      </div>
      ${
        isGrouped
          ? html`<wordembed-group-table .store=${this.store}></wordembed-group-table>`
          : html`<wordembed-table-footer .store=${this.store}></wordembed-table-footer>`
      }
      ${this.edge()}
    `;
  }

  private edge(): TemplateResult {
    return edge({
      kind: "table",
      label: text.resizeTable,
      title: text.resizeEdge,
      size: this.clientWidth,
      least: NARROWEST_PX,
      most: Math.max(NARROWEST_PX, window.innerWidth - REST_PX),
      step: KEY_PX,
      resize: (width) => {
        const tableShare = width === null ? null : shareOf(width, window.innerWidth);
        this.act(patchView({ tableShare }));
      },
    });
  }

  private showHidden(): TemplateResult {
    return html`<button class="link" @click=${() => this.act(patchView({ minFrequency: 0 }))}>
      ${text.showHidden}
    </button>`;
  }

  private rows(): TemplateResult | typeof nothing {
    const { ranking, search, narrowedBy, stale } = this.slice;
    if (!ranking) return stale ? nothing : html`<div class="skeleton" aria-hidden="true"></div>`;
    if (!ranking.places.length) {
      const { hidden } = ranking;
      let note = narrowedBy ? text.noneLeft : "";
      if (search) note = narrowedBy ? text.noMatchesLeft(search) : text.noMatches(search);
      if (hidden > 0) note = text.onlyBelowFloor(hidden);
      if (note)
        return html`<p class="note">${note} ${hidden > 0 ? this.showHidden() : nothing}</p>`;
    }
    const height = ROW_PX * ranking.places.length;
    const row = (at: number) =>
      tableRow(this.slice, this.act, { at, top: ROW_PX * at, active: this.active }, this.onRow);
    return html`<div class="space" role="rowgroup" style="height: ${height}px">
      ${repeat(this.drawn(), (at) => at, row)}
    </div>`;
  }

  /** Returns the places of the rows that are drawn: those in view, and some before and after. */
  private drawn(): number[] {
    const count = this.slice.ranking?.places.length ?? 0;
    const inView = Math.ceil(this.height / ROW_PX);
    const from = Math.max(Math.min(this.first, count) - SPARE, 0);
    const to = inView && Math.min(this.first + inView + SPARE, count);
    return Array.from({ length: Math.max(to - from, 0) }, (_, at) => from + at);
  }

  private isDrawn(row: number | null): boolean {
    return row !== null && this.drawn().some((at) => this.rowAt(at) === row);
  }

  /** Stores the rows in view, for which trends are loaded. */
  private tellRows(): void {
    const drawn = this.drawn();
    const rows = drawn.map((at) => this.rowAt(at) ?? 0);
    const { tableRows, ranks } = this.store.state.passing;
    // The ranks of matches are not those of the whole table.
    const wanted = this.slice.search ? ranks : ranksFor(drawn.at(-1) ?? 0);
    if (wanted !== ranks) this.act(patchPassing({ ranks: wanted }));
    const same = rows.length === tableRows.length && rows.every((row, at) => row === tableRows[at]);
    if (!same) this.act(patchPassing({ tableRows: rows }));
  }

  private onScroll(): void {
    this.first = Math.floor(this.scroller.scrollTop / ROW_PX);
  }

  private scrollList(top: number): void {
    this.scroller.scrollTop = top;
    this.onScroll();
  }

  /** Scrolls a row into view, no farther than it takes; the head covers the first lines in view. */
  private reveal(at: number): void {
    const { clientHeight, scrollTop } = this.scroller;
    const top = ROW_PX * at;
    const lowest = top + HEAD_PX + ROW_PX + BELOW_PX - clientHeight;
    this.scrollList(Math.max(Math.min(scrollTop, top), lowest));
  }

  /** Scrolls a row to the middle of the table if it is out of view. */
  private center(at: number): void {
    if (at < 0) return;
    const isInView = at > this.first && at < this.first + Math.floor(this.height / ROW_PX);
    if (isInView) this.reveal(at);
    else this.scrollList(ROW_PX * at + HEAD_PX + (ROW_PX - this.height) / 2);
  }

  private placeOf(row: number | null): number {
    const { ranking } = this.slice;
    if (row === null || !ranking) return -1;
    return ranking.places.findIndex((place) => ranking.order[place] === row);
  }

  private rowAt(at: number): number | null {
    const { ranking } = this.slice;
    return ranking?.order[ranking.places[at] ?? -1] ?? null;
  }

  /** Selects a clicked row; Ctrl adds or removes it, Shift selects all rows from the anchor to it. */
  private readonly onRow = (row: number, event: MouseEvent): void => {
    this.active = row;
    if (event.shiftKey) this.extendTo(row);
    else {
      this.anchor = row;
      this.act(select(row, event.metaKey || event.ctrlKey));
    }
  };

  private extendTo(row: number): void {
    this.anchor ??= this.slice.inspected ?? row;
    const { ranking } = this.slice;
    if (!ranking) return;
    const rows = rowsFromTo(ranking, this.placeOf(this.anchor), this.placeOf(row));
    if (rows.length) this.act(selectRows(rows));
  }

  /** Handles keys: arrows move, Enter and Space select, Shift with an arrow extends the selection. */
  private onKey(event: KeyboardEvent): void {
    const { ranking } = this.slice;
    if (!ranking || event.composedPath()[0] !== this.scroller) return;
    const all = event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey);
    if (all) {
      this.act(selectMany(listedRows(this.store.state)));
    } else if (event.ctrlKey || event.metaKey || event.altKey) return;
    else if (event.key === "Enter" || event.key === " ") {
      if (this.active !== null) this.act(select(this.active, event.key === " "));
      this.anchor = this.active;
    } else if (!this.move(event.key, event.shiftKey)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  private move(key: string, extending: boolean): boolean {
    const last = (this.slice.ranking?.places.length ?? 0) - 1;
    const page = Math.max(1, Math.floor((this.scroller.clientHeight - HEAD_PX) / ROW_PX) - 1);
    const offset = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[key];
    if (offset === undefined && key !== "Home" && key !== "End") return false;
    const from = this.placeOf(this.active);
    let next = from < 0 ? 0 : from + (offset ?? 0);
    if (key === "Home") next = 0;
    if (key === "End") next = last;
    const at = Math.min(Math.max(next, 0), last);
    const row = this.rowAt(at);
    if (row === null) return true;
    if (extending) this.anchor ??= this.active ?? row;
    this.active = row;
    this.reveal(at);
    this.act(hover(row));
    if (extending) this.extendTo(row);
    else this.anchor = null;
    return true;
  }
}
