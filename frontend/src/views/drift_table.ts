import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
} from "@tanstack/virtual-core";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, query } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";
import { repeat } from "lit/directives/repeat.js";
import { styleMap } from "lit/directives/style-map.js";
import type { Drift, Measure } from "../api/contract.gen";
import { compact, count, short } from "../format";
import { cleanLabel } from "../scatter/text";
import { hover, patchView, select, sortBy } from "../state/actions";
import { compares, frequencyOf, inspectedRow, labelsOf, minFrequencyOf } from "../state/derived";
import { type Ranking, rankingOf } from "../state/ranked";
import type { Sort, State } from "../state/state";
import { memo } from "../state/store";
import { MEASURE_HEADS, MEASURE_NAMES, text } from "../strings";
import { shared } from "../theme/styles";
import { tableStyles } from "./drift_table.css";
import { StateElement } from "./element";
import "./ranking_head";

const ROW_PX = 24;
const HEAD_PX = 26;

interface Slice {
  ranking: Ranking | null;
  drift: Drift | null;
  labels: readonly string[];
  frequency: readonly (number | null)[] | null;
  floor: number;
  measure: Measure;
  sort: Sort;
  search: string;
  selection: readonly number[];
  inspected: number | null;
  hovered: number | null;
  loading: boolean;
  stale: boolean;
}

/** Every token, ranked by its drift from the reference step to the step on screen. */
@customElement("wordembed-drift-table")
export class DriftTable extends StateElement<Slice> {
  static override styles = [shared, tableStyles];

  @query(".rows") private scroller!: HTMLElement;
  private virtualizer: Virtualizer<HTMLElement, HTMLElement> | null = null;
  private unmount: (() => void) | null = null;
  private revealed = "";

  protected select(state: State): Slice {
    return {
      ranking: rankingOf(state),
      drift: state.slots.drift.value,
      labels: labelsOf(state),
      frequency: frequencyOf(state),
      floor: minFrequencyOf(state),
      measure: state.view.measure,
      sort: state.view.sort,
      search: state.view.query,
      selection: state.view.selection,
      inspected: inspectedRow(state),
      hovered: state.passing.hover,
      loading: state.slots.drift.pending !== null,
      stale: state.slots.drift.failure !== null,
    };
  }

  protected override firstUpdated(_changed: PropertyValues): void {
    this.virtualizer = new Virtualizer<HTMLElement, HTMLElement>(this.options());
    this.unmount = this.virtualizer._didMount();
    this.virtualizer._willUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unmount?.();
  }

  protected override willUpdate(_changed: PropertyValues): void {
    this.virtualizer?.setOptions(this.options());
  }

  protected override sync(): void {
    this.virtualizer?._willUpdate();
    const { inspected, search, sort, ranking, floor } = this.slice;
    // Not at every step: while playing, the table would scroll away under the reader.
    const reason = ranking ? JSON.stringify([inspected, search, sort, floor]) : "";
    if (reason === this.revealed) return;
    this.revealed = reason;
    this.reveal(inspected);
  }

  protected override render(): TemplateResult {
    const { ranking, floor, frequency, loading, stale } = this.slice;
    return html`
      <wordembed-ranking-head .store=${this.store}></wordembed-ranking-head>
      <div
        class="rows dims"
        style=${styleMap({ "--rank-width": `${count(this.slice.labels.length).length + 1}ch` })}
        role="grid"
        tabindex="0"
        aria-label=${text.table}
        aria-busy=${loading}
        ?data-stale=${stale}
        aria-rowcount=${(ranking?.places.length ?? 0) + 1}
        aria-activedescendant=${this.slice.inspected === null ? nothing : `row-${this.slice.inspected}`}
        @keydown=${this.onKey}
        @mouseleave=${() => this.act(hover(null))}
      >
        ${this.columnHeads()} ${this.rows()}
      </div>
      <footer>
        ${
          ranking
            ? html`<span>${text.shown(ranking.places.length, this.slice.labels.length)}</span>`
            : html`<span>${text.loading}…</span>`
        }
        ${
          ranking?.places.length && ranking.hidden > 0 && frequency && floor > 0
            ? html`<span title=${text.minFrequencyHelp}>${text.hiddenByFloor(ranking.hidden)} ${this.showHidden()}</span>`
            : nothing
        }
      </footer>
    `;
  }

  private showHidden(): TemplateResult {
    return html`<button class="link" @click=${() => this.act(patchView({ minFrequency: 0 }))}>
      ${text.showHidden}
    </button>`;
  }

  private columnHeads(): TemplateResult {
    const { sort, frequency, drift, measure } = this.slice;
    const shown = drift?.measure ?? measure;
    const head = (by: Sort["by"], label: string, align: string, title = label) => {
      const active = sort.by === by;
      const direction = sort.descending ? "descending" : "ascending";
      return html`<span role="columnheader" class=${align} aria-sort=${active ? direction : "none"}>
        <button class="quiet" title=${title} @click=${() => this.act(sortBy(by))}>
          ${label}<span class="arrow" aria-hidden="true">${active ? (sort.descending ? "↓" : "↑") : ""}</span>
        </button>
      </span>`;
    };
    return html`<div class=${classMap({ heads: true, line: true, counted: frequency !== null })} role="row">
      <span role="columnheader" class="right rank">${text.rank}</span>
      ${head("token", text.token, "left")} ${head("drift", MEASURE_HEADS[shown], "right", MEASURE_NAMES[shown])}
      ${frequency ? head("frequency", text.frequency, "right") : nothing}
    </div>`;
  }

  private rows(): TemplateResult {
    const { ranking, search, drift } = this.slice;
    if (!ranking) return html`<div class="skeleton" aria-hidden="true"></div>`;
    if (!ranking.places.length) {
      const { hidden } = ranking;
      if (hidden > 0)
        return html`<p class="note">${text.onlyBelowFloor(hidden)} ${this.showHidden()}</p>`;
      if (search) return html`<p class="note">${text.noMatches(search)}</p>`;
    }
    const largest = drift ? largestOf(ranking.order, drift.values) : 0;
    const items = this.virtualizer?.getVirtualItems() ?? [];
    return html`<div
      class="space"
      role="rowgroup"
      style=${styleMap({ height: `${this.virtualizer?.getTotalSize() ?? 0}px` })}
    >
      ${repeat(
        items,
        (item) => item.index,
        (item) => this.row(item.index, item.start - HEAD_PX, ranking, largest),
      )}
    </div>`;
  }

  private row(at: number, top: number, ranking: Ranking, largest: number): TemplateResult {
    const place = ranking.places[at] ?? 0;
    const row = ranking.order[place] ?? 0;
    const { drift, labels, frequency, selection, hovered } = this.slice;
    const label = cleanLabel(labels[row] ?? `#${row}`);
    const value = drift && compares(drift) ? (drift.values[row] ?? Number.NaN) : Number.NaN;
    const share = Number.isFinite(value) && largest > 0 ? Math.abs(value) / largest : 0;
    const selected = selection.includes(row);
    return html`<div
      id="row-${row}"
      role="row"
      class=${classMap({ line: true, row: true, selected, hovered: hovered === row, counted: frequency !== null })}
      aria-rowindex=${at + 2}
      aria-selected=${selected}
      style=${styleMap({ transform: `translateY(${top}px)` })}
      @click=${(event: MouseEvent) => this.act(select(row, event.shiftKey || event.metaKey || event.ctrlKey))}
      @mouseenter=${() => this.act(hover(row))}
    >
      <span role="gridcell" class="right rank">${count(place + 1)}</span>
      <span role="gridcell" class="token ellipsis" title=${label}>${label}</span>
      <span role="gridcell" class="right drift">
        <i style=${styleMap({ width: `${(100 * share).toFixed(1)}%` })}></i><b>${short(value)}</b>
      </span>
      ${frequency ? html`<span role="gridcell" class="right muted">${compact(frequency[row])}</span>` : nothing}
    </div>`;
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

  private reveal(row: number | null): void {
    const { ranking } = this.slice;
    if (row === null || !ranking) return;
    const at = ranking.places.findIndex((place) => ranking.order[place] === row);
    if (at >= 0) this.virtualizer?.scrollToIndex(at, { align: "auto" });
  }

  /** Arrow keys move the selection along the table. */
  private onKey(event: KeyboardEvent): void {
    const { ranking, inspected } = this.slice;
    const offset = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 }[event.key];
    if (!ranking || (offset === undefined && event.key !== "Home" && event.key !== "End")) return;
    const last = ranking.places.length - 1;
    const at = ranking.places.findIndex((place) => ranking.order[place] === inspected);
    let next = at < 0 ? 0 : at + (offset ?? 0);
    if (event.key === "Home") next = 0;
    if (event.key === "End") next = last;
    const row = ranking.order[ranking.places[Math.min(Math.max(next, 0), last)] ?? -1];
    if (row !== undefined) this.act(select(row));
    event.preventDefault();
    event.stopPropagation();
  }
}

/** The largest size of drift in the ranking: the length of a full bar. */
const largestOf = memo((order: Uint32Array, drift: Float32Array) => {
  let largest = 0;
  for (const row of order) {
    const size = Math.abs(drift[row] ?? 0);
    if (size > largest) largest = size;
  }
  return largest;
});
