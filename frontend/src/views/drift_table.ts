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
import type { Measure } from "../api/contract.gen";
import { count, short } from "../format";
import { hover, patchView, select, sortBy } from "../state/actions";
import {
  derivedReference,
  frequencyOf,
  inspectedRow,
  labelsOf,
  minFrequencyOf,
  type Ranking,
  rankingOf,
  seriesOf,
  stepOf,
} from "../state/derived";
import type { Sort, State } from "../state/state";
import { memo } from "../state/store";
import { MEASURE_HELP, MEASURE_NAMES, text } from "../strings";
import { shared } from "../theme/styles";
import { tableStyles } from "./drift_table.css";
import { StateElement } from "./element";

const ROW_PX = 24;

interface Slice {
  ranking: Ranking | null;
  drift: Float32Array | null;
  labels: readonly string[];
  frequency: readonly (number | null)[] | null;
  floor: number;
  measure: Measure;
  sort: Sort;
  search: string;
  selection: readonly number[];
  inspected: number | null;
  hovered: number | null;
  reference: number | null;
  step: number | null;
  single: boolean;
  loading: boolean;
}

/** Every token, ranked by its drift from the reference step to the step on screen. */
@customElement("wordembed-drift-table")
export class DriftTable extends StateElement<Slice> {
  static override styles = [shared, tableStyles];

  @query(".rows") private scroller!: HTMLElement;
  private virtualizer: Virtualizer<HTMLElement, HTMLElement> | null = null;
  private unmount: (() => void) | null = null;
  private shownSelection: number | null = null;

  protected select(state: State): Slice {
    return {
      ranking: rankingOf(state),
      drift: state.slots.drift.value?.values ?? null,
      labels: labelsOf(state),
      frequency: frequencyOf(state),
      floor: minFrequencyOf(state),
      measure: state.view.measure,
      sort: state.view.sort,
      search: state.view.query,
      selection: state.view.selection,
      inspected: inspectedRow(state),
      hovered: state.passing.hover,
      reference: derivedReference(state),
      step: stepOf(state),
      single: seriesOf(state)?.steps.length === 1,
      loading: state.slots.drift.pending !== null,
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
    if (this.slice.inspected !== this.shownSelection) {
      this.shownSelection = this.slice.inspected;
      this.reveal(this.slice.inspected);
    }
  }

  protected override render(): TemplateResult {
    const { ranking, floor, frequency } = this.slice;
    return html`
      ${this.head()}
      <div
        class="rows"
        style=${styleMap({ "--rank-width": `${count(this.slice.labels.length).length + 1}ch` })}
        role="grid"
        tabindex="0"
        aria-label=${text.table}
        aria-busy=${this.slice.loading}
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
          ranking && ranking.hidden > 0 && frequency && floor > 0 && this.slice.search
            ? html`<span>
                ${text.hiddenByFloor(ranking.hidden)}
                <button class="link" @click=${() => this.act(patchView({ minFrequency: 0 }))}>
                  ${text.showHidden}
                </button>
              </span>`
            : nothing
        }
      </footer>
    `;
  }

  private head(): TemplateResult {
    const { measure, reference, step, frequency, floor, single } = this.slice;
    return html`<header>
      <h2>
        ${
          reference === null || step === null
            ? text.table
            : single
              ? text.atStep(count(step))
              : text.rankingOf(count(reference), count(step))
        }
      </h2>
      <select
        aria-label=${text.measure}
        title=${MEASURE_HELP[measure]}
        @change=${this.onMeasure}
      >
        ${Object.entries(MEASURE_NAMES).map(
          ([name, label]) =>
            html`<option value=${name} ?selected=${name === measure}>${label}</option>`,
        )}
      </select>
      ${
        frequency
          ? html`<label title=${text.minFrequencyHelp}>
              ${text.minFrequency}
              <input type="number" min="0" .value=${String(floor)} @change=${this.onFloor} />
            </label>`
          : nothing
      }
      ${single ? html`<p class="note">${text.needsTwoSteps}</p>` : nothing}
    </header>`;
  }

  private columnHeads(): TemplateResult {
    const { sort, frequency } = this.slice;
    const head = (by: Sort["by"], label: string, align: string) => {
      const active = sort.by === by;
      const direction = sort.descending ? "descending" : "ascending";
      return html`<span role="columnheader" class=${align} aria-sort=${active ? direction : "none"}>
        <button class="quiet" @click=${() => this.act(sortBy(by))}>
          ${label}<span class="arrow" aria-hidden="true">${active ? (sort.descending ? "↓" : "↑") : ""}</span>
        </button>
      </span>`;
    };
    return html`<div class=${classMap({ heads: true, line: true, counted: frequency !== null })} role="row">
      <span role="columnheader" class="right rank">${text.rank}</span>
      ${head("token", text.token, "left")} ${head("drift", text.drift, "right")}
      ${frequency ? head("frequency", text.frequency, "right") : nothing}
    </div>`;
  }

  private rows(): TemplateResult {
    const { ranking, search, drift } = this.slice;
    if (!ranking) return html`<div class="skeleton" aria-hidden="true"></div>`;
    if (search && !ranking.places.length)
      return html`<p class="note">${text.noMatches(search)}</p>`;
    const largest = drift ? largestOf(ranking.order, drift) : 0;
    const items = this.virtualizer?.getVirtualItems() ?? [];
    return html`<div
      class="space"
      role="rowgroup"
      style=${styleMap({ height: `${this.virtualizer?.getTotalSize() ?? 0}px` })}
    >
      ${repeat(
        items,
        (item) => item.index,
        (item) => this.row(item.index, item.start, ranking, largest),
      )}
    </div>`;
  }

  private row(at: number, top: number, ranking: Ranking, largest: number): TemplateResult {
    const place = ranking.places[at] ?? 0;
    const row = ranking.order[place] ?? 0;
    const { drift, labels, frequency, selection, hovered } = this.slice;
    const value = drift?.[row] ?? Number.NaN;
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
      <span role="gridcell" class="ellipsis" title=${labels[row] ?? ""}>${labels[row] ?? `#${row}`}</span>
      <span role="gridcell" class="right drift">
        <i style=${styleMap({ width: `${(100 * share).toFixed(1)}%` })}></i>${short(value)}
      </span>
      ${frequency ? html`<span role="gridcell" class="right muted">${shortCount(frequency[row])}</span>` : nothing}
    </div>`;
  }

  private options() {
    return {
      count: this.slice.ranking?.places.length ?? 0,
      getScrollElement: () => this.scroller ?? null,
      estimateSize: () => ROW_PX,
      overscan: 8,
      scrollPaddingStart: ROW_PX + 4,
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

  private onMeasure(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.act(patchView({ measure: value as Measure }));
  }

  private onFloor(event: Event): void {
    const floor = Number((event.target as HTMLInputElement).value);
    this.act(patchView({ minFrequency: Number.isFinite(floor) && floor >= 0 ? floor : null }));
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

const COMPACT = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

function shortCount(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : COMPACT.format(value);
}
