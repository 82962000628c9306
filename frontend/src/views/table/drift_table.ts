/** Shows the table of all tokens with the columns that the user chose. */

import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from "@tanstack/virtual-core";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import { hover, patchPassing, patchView, select, selectRows } from "../../state/actions";
import { text } from "../../strings";
import { count } from "../../util/number_format";
import { edge, shareOf } from "../shared/edge";
import { StateElement } from "../shared/state_element";
import { tableStyles } from "./drift_table.css";
import "./ranking_head";
import { columnWidth, rulerOf, widthOfMost } from "./column_widths";
import { heads, namesOf } from "./table_heads";
import { tableRow } from "./table_rows";
import { rowsFromTo, tableSlice } from "./table_slice";
import { NARROWEST_PX, REST_PX } from "./table_width";

const ROW_PX = 24;
const HEAD_PX = 26;
/** The distance that an arrow key moves the edge of the table, in CSS pixels. */
const KEY_PX = 24;
/** The token column gets no narrower than this, in CSS pixels: the others scroll. */
const TOKEN_PX = { least: 64, most: 128 } as const;
const GAP_PX = 6;
/** The space beside the columns, for the scroll bar, too. */
const MARGIN_PX = 24;
/** The largest number of tokens that are selected at once; more could not be told apart. */
const MOST_SELECTED = 10_000;

@customElement("wordembed-drift-table")
export class DriftTable extends StateElement(tableSlice) {
  static override styles = tableStyles;

  @query(".rows") private scroller!: HTMLElement;
  /** The row that keys act on and that starts an extended selection. */
  @state() private active: number | null = null;
  private anchor: number | null = null;
  private virtualizer: Virtualizer<HTMLElement, HTMLElement> | null = null;
  private unmount: (() => void) | null = null;
  /** Another width may leave no room for bars. */
  private readonly resized = new ResizeObserver(() => this.requestUpdate());
  /** The reason for which the inspected token was last scrolled into view. */
  private revealed = "";
  /** The order in which rows were last shown. */
  private sorted = "";

  protected override firstUpdated(_changed: PropertyValues): void {
    this.virtualizer = new Virtualizer<HTMLElement, HTMLElement>(this.options());
    this.unmount = this.virtualizer._didMount();
    this.virtualizer._willUpdate();
    this.resized.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unmount?.();
    this.resized.disconnect();
  }

  protected override willUpdate(_changed: PropertyValues): void {
    this.virtualizer?.setOptions(this.options());
  }

  protected override sync(): void {
    this.virtualizer?._willUpdate();
    this.tellRows();
    const { inspected, search, sort, ranking, narrowedBy } = this.slice;
    const order = ranking ? JSON.stringify(sort) : "";
    const isResorted = this.sorted !== "" && order !== "" && order !== this.sorted;
    if (order) this.sorted = order;
    // A new step is no reason: while playing, the table would scroll away from the user.
    const reason = ranking ? JSON.stringify([inspected, search, narrowedBy]) : "";
    if (reason !== this.revealed) {
      this.revealed = reason;
      if (inspected === null) return;
      this.active = inspected;
      this.center(this.placeOf(inspected));
    } else if (isResorted) {
      // After sorting, the first rows are the interesting ones.
      this.virtualizer?.scrollToOffset(0);
    }
  }

  protected override render(): TemplateResult {
    const { ranking, columns, loading, stale } = this.slice;
    const { rank, token, widths, isTight } = this.measured();
    const least = widths.reduce((sum, { width }) => sum + width + GAP_PX, token);
    const style = {
      "--rank-width": `${rank}px`,
      "--token-least": `${token}px`,
      "--columns": widths.map(({ width }) => `${width}px`).join(" "),
      "--least": `${least}px`,
    };
    return html`
      <wordembed-ranking-head .store=${this.store}></wordembed-ranking-head>
      <div
        class="rows dims ${isTight ? "tight" : ""}"
        style=${styleMap(style)}
        role="grid"
        tabindex="0"
        aria-label=${text.table}
        aria-busy=${loading}
        ?data-stale=${stale}
        aria-multiselectable="true"
        aria-rowcount=${(ranking?.places.length ?? 0) + 1}
        aria-colcount=${columns.length + 2}
        aria-activedescendant=${this.active === null ? nothing : `row-${this.active}`}
        @keydown=${this.onKey}
        @mouseleave=${() => this.act(hover(null))}
      >
        ${heads(this.slice, this.act, widths)} ${this.rows()}
      </div>
      <footer>${this.footer()}</footer>
      ${this.edge()}
    `;
  }

  /**
   * Measures the columns. Where names would be cut, bars become lines below numbers, so that their
   * columns are only as wide as the numbers.
   */
  private measured() {
    const { columns, values, widths: chosen, labels, tableShare } = this.slice;
    const ruler = rulerOf(this);
    const rank = Math.max(ruler(text.rank), ruler(count(labels.length))) + 12;
    const sizes = columns.map((column, at) =>
      columnWidth(column, namesOf(column, this.slice).label, values[at] ?? null, ruler),
    );
    const widthsBy = (size: "least" | "usual") =>
      sizes.map((one, at) => {
        const width = chosen[columns[at]?.id ?? ""] ?? one[size];
        return { width: Math.max(width, one.least), least: one.least };
      });
    const usual = widthsBy("usual");
    const others = usual.reduce((sum, { width }) => sum + width + GAP_PX, rank + GAP_PX);
    const most = widthOfMost(labels, ruler);
    const token = Math.min(Math.max(most, TOKEN_PX.least), TOKEN_PX.most);
    const wanted = others + most + MARGIN_PX;
    this.style.setProperty("--wanted", `${wanted}px`);
    this.toggleAttribute("sized", tableShare !== null);
    const isTight = this.clientWidth > 0 && this.clientWidth < wanted - 1;
    return { rank, token, widths: isTight ? widthsBy("least") : usual, isTight };
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

  private footer(): TemplateResult {
    const { ranking, labels, floor, stale } = this.slice;
    if (!ranking) return html`<span>${stale ? text.notLoaded : `${text.loading}…`}</span>`;
    const hides = ranking.places.length > 0 && ranking.hidden > 0 && floor > 0;
    return html`<span>${text.shown(ranking.places.length, labels.length)}</span>
      ${
        hides
          ? html`<span title=${text.minFrequencyHelp}>${text.hiddenByFloor(ranking.hidden, floor)} ${this.showHidden()}</span>`
          : nothing
      }`;
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
    const items = this.virtualizer?.getVirtualItems() ?? [];
    const height = `${this.virtualizer?.getTotalSize() ?? 0}px`;
    return html`<div class="space" role="rowgroup" style=${styleMap({ height })}>
      ${repeat(
        items,
        (item) => item.index,
        (item) => this.row(item.index, item.start - HEAD_PX),
      )}
    </div>`;
  }

  private row(at: number, top: number): TemplateResult {
    return tableRow(this.slice, this.act, { at, top, active: this.active }, (row, event) =>
      this.onRow(row, event),
    );
  }

  private options() {
    return {
      count: this.slice.ranking?.places.length ?? 0,
      getScrollElement: () => this.scroller ?? null,
      estimateSize: () => ROW_PX,
      overscan: 8,
      scrollMargin: HEAD_PX,
      scrollPaddingStart: HEAD_PX,
      scrollPaddingEnd: 4,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.requestUpdate(),
    };
  }

  /** Stores the rows in view, for which trends are loaded. */
  private tellRows(): void {
    const { ranking } = this.slice;
    const items = this.virtualizer?.getVirtualItems() ?? [];
    const rows = items.map(({ index }) => ranking?.order[ranking.places[index] ?? 0] ?? 0);
    const { tableRows } = this.store.state.passing;
    const same = rows.length === tableRows.length && rows.every((row, at) => row === tableRows[at]);
    if (!same) this.act(patchPassing({ tableRows: rows }));
  }

  private reveal(at: number): void {
    if (at >= 0) this.virtualizer?.scrollToIndex(at, { align: "auto" });
  }

  /** Scrolls a row to the middle of the table if it is out of view. */
  private center(at: number): void {
    const { startIndex = 0, endIndex = -1 } = this.virtualizer?.range ?? {};
    const isInView = at > startIndex && at < endIndex;
    if (at >= 0) this.virtualizer?.scrollToIndex(at, { align: isInView ? "auto" : "center" });
  }

  /** Returns the index of a row among those shown; -1 if it is not shown. */
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
  private onRow(row: number, event: MouseEvent): void {
    this.active = row;
    if (event.shiftKey) this.extendTo(row);
    else {
      this.anchor = row;
      this.act(select(row, event.metaKey || event.ctrlKey));
    }
  }

  private extendTo(row: number): void {
    this.anchor ??= this.slice.inspected ?? row;
    const { ranking } = this.slice;
    if (!ranking) return;
    const rows = rowsFromTo(ranking, this.placeOf(this.anchor), this.placeOf(row), MOST_SELECTED);
    if (rows.length) this.act(selectRows(rows));
  }

  /** Handles keys: arrows move, Enter and Space select, Shift with an arrow extends the selection. */
  private onKey(event: KeyboardEvent): void {
    const { ranking } = this.slice;
    if (!ranking || event.composedPath()[0] !== this.scroller) return;
    const all = event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey);
    if (all) {
      this.act(selectRows(rowsFromTo(ranking, MOST_SELECTED - 1, 0, MOST_SELECTED)));
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
