/** Shows how alike the tables of all steps are, each with every other, and picks two of them. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import type { SimilarityMatrix, SimilarityMeasure } from "../../api/contract.gen";
import { type Colormap, ramp, stopsOf } from "../../scatter/points/colormaps";
import { type SimilarityScale, similarityScale } from "../../selectors/health/similarity";
import { compareWith, goToStep, patchView } from "../../state/actions";
import { otherSeriesOf, referenceOf, seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { SIMILARITIES } from "../../state/view";
import { seriesName, stepName, text } from "../../strings";
import { number, stepText } from "../../util/number_format";
import { dropdown, progressBar } from "../shared/controls";
import { StateElement } from "../shared/state_element";
import { panelStyles } from "./health.css";
import { similarityStyles } from "./similarity_map.css";

function sliceOf(state: State) {
  const { value, failure, job, pending } = state.slots.similarity;
  return {
    matrix: value,
    failure: failure?.message ?? null,
    progress: pending === null ? null : (job?.progress ?? 0),
    series: seriesOf(state),
    other: otherSeriesOf(state),
    step: stepOf(state),
    reference: referenceOf(state),
    measure: state.view.similarity,
    savedPage: state.savedPage,
    theme: state.passing.theme,
  };
}

interface Pair {
  readonly from: number;
  readonly to: number;
}

@customElement("wordembed-similarity-map")
export class SimilarityMap extends StateElement(sliceOf) {
  static override styles = [panelStyles, similarityStyles];

  @query("canvas") private canvas!: HTMLCanvasElement | null;
  @state() private hovered: Pair | null = null;
  private drawn: readonly unknown[] = [];

  protected override updated(): void {
    const { matrix, theme } = this.slice;
    const { canvas } = this;
    const drawn = [matrix, theme, canvas];
    if (!canvas || !matrix || drawn.every((one, at) => one === this.drawn[at])) return;
    this.drawn = drawn;
    const { shares } = this.scale(matrix);
    const image = similarityPixels(matrix, shares, ramp("sequential", theme));
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }

  private scale(matrix: SimilarityMatrix): SimilarityScale {
    return similarityScale(matrix, this.slice.other === null);
  }

  protected override render(): TemplateResult {
    const { failure, matrix, measure, progress, savedPage } = this.slice;
    const isKnown = matrix !== null && matrix.measure === measure && matrix.values.length > 0;
    const lacks = (one: SimilarityMeasure) =>
      savedPage !== null && !savedPage.has("similarity_matrix", { measure: one });
    const named = (one: SimilarityMeasure) => text.similarityNames[one];
    return html`<h3 class="spread">
        <span class="ellipsis" title=${text.similarity}>${text.similarity}</span>
        ${dropdown(
          SIMILARITIES.map((one) =>
            lacks(one) ? [one, text.notInPageOption(named(one)), true] : [one, named(one)],
          ),
          measure,
          (chosen) => this.act(patchView({ similarity: chosen as SimilarityMeasure })),
          { label: text.similarityBy, title: text.similarityBy },
        )}
      </h3>
      ${failure ? html`<p class="problem" role="alert">${failure}</p>` : nothing}
      ${isKnown ? this.map(matrix) : nothing}
      ${isKnown || failure ? nothing : progressBar(progress ?? 0)}
      <p>${text.similarityHelp[measure]} ${text.similarityPhases} ${savedPage ? text.similarityGo : text.similarityUse}</p>`;
  }

  private map(matrix: SimilarityMatrix): TemplateResult {
    const { from_steps, to_steps } = matrix;
    const { hovered } = this;
    const { other, series, theme } = this.slice;
    const [rowsOf, columnsOf] =
      other && series
        ? [seriesName(other, series), seriesName(series, other)]
        : [text.fromStep, text.toStep];
    const chosen = this.chosen(matrix);
    const said = this.said(matrix, chosen);
    const { least, median, most } = this.scale(matrix);
    const stops = stopsOf(ramp("sequential", theme));
    return html`<div class="readings">${said}</div>
      <div class="plot">
        <div class="from ellipsis" title=${rowsOf}>${rowsOf}</div>
        ${steps(from_steps, "rows", MOST_ROWS)}
        <div
          class="map"
          role="application"
          tabindex="0"
          aria-label="${text.similarityMap}. ${said}"
          aria-busy=${this.slice.progress !== null}
          @pointermove=${(event: PointerEvent) => this.hover(matrix, event)}
          @pointerleave=${() => {
            this.hovered = null;
          }}
          @click=${(event: MouseEvent) => this.pick(matrix, pairAt(matrix, event))}
          @keydown=${(event: KeyboardEvent) => this.onKey(matrix, event)}
        >
          <canvas aria-hidden="true"></canvas>
          ${chosen ? cell(chosen, matrix) : nothing}
          ${hovered ? html`<div class="card" style=${styleMap(besideCell(hovered, matrix))}>${this.said(matrix, hovered)}</div>` : nothing}
        </div>
        ${steps(to_steps, "columns", MOST_COLUMNS)}
        <div class="to ellipsis" title=${columnsOf}>${columnsOf}</div>
        <div title=${text.similarityScale}>
          <div class="ramp" style="background: linear-gradient(to right, ${stops.join(", ")})"></div>
          <div class="spread">${[least, median, most].map((value) => html`<span>${number(value, 2)}</span>`)}</div>
        </div>
      </div>`;
  }

  /** Returns the pair that is on screen, if it is among the steps that are compared. */
  private chosen({ from_steps, to_steps }: SimilarityMatrix): Pair | null {
    const from = from_steps.indexOf(this.slice.reference ?? Number.NaN);
    const to = to_steps.indexOf(this.slice.step ?? Number.NaN);
    return from < 0 || to < 0 ? null : { from, to };
  }

  private said({ from_steps, to_steps, values }: SimilarityMatrix, pair: Pair | null): string {
    if (!pair) return "";
    const { other, series } = this.slice;
    const from = stepName(from_steps[pair.from] ?? 0, other, series);
    const value = values[pair.from * to_steps.length + pair.to];
    return text.similarityOf(from, stepText(to_steps[pair.to] ?? 0), number(value, 3));
  }

  private hover(matrix: SimilarityMatrix, event: PointerEvent): void {
    const pair = pairAt(matrix, event);
    const { from, to } = this.hovered ?? {};
    if (pair.from !== from || pair.to !== to) this.hovered = pair;
  }

  /** Measures from the row's step to the column's; a page in a file measures from one step only. */
  private pick({ from_steps, to_steps }: SimilarityMatrix, { from, to }: Pair): void {
    const { other, savedPage, series } = this.slice;
    const [reference, step] = [from_steps[from], to_steps[to]];
    if (!series || reference === undefined || step === undefined) return;
    const compare = compareWith(other ?? series, reference);
    this.act((state) => goToStep(step)(savedPage ? state : compare(state)));
  }

  private onKey(matrix: SimilarityMatrix, event: KeyboardEvent): void {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const last = { from: matrix.from_steps.length - 1, to: matrix.to_steps.length - 1 };
    const { from, to } = this.chosen(matrix) ?? last;
    const within = (at: number, most: number) => Math.min(Math.max(at, 0), most);
    this.pick(matrix, {
      from: within(from + move.from, last.from),
      to: within(to + move.to, last.to),
    });
  }
}

const MOVES: Readonly<Record<string, Pair>> = {
  ArrowLeft: { from: 0, to: -1 },
  ArrowRight: { from: 0, to: 1 },
  ArrowUp: { from: -1, to: 0 },
  ArrowDown: { from: 1, to: 0 },
};

function pairAt({ from_steps, to_steps }: SimilarityMatrix, event: MouseEvent): Pair {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const at = (offset: number, size: number, count: number) =>
    Math.min(Math.max(Math.floor((count * offset) / size), 0), count - 1);
  return {
    from: at(event.clientY - box.top, box.height, from_steps.length),
    to: at(event.clientX - box.left, box.width, to_steps.length),
  };
}

/** How many steps are named at most along each side: more would touch each other. */
const MOST_ROWS = 7;
const MOST_COLUMNS = 5;

/** Returns the names of steps, each in the middle of its row or column. */
function steps(all: readonly number[], along: "rows" | "columns", most: number): TemplateResult {
  const named = Math.min(all.length, most);
  const places = Array.from({ length: named }, (_, at) =>
    Math.round((at * (all.length - 1)) / Math.max(named - 1, 1)),
  );
  return html`<div
    class=${along}
    aria-hidden="true"
    style="grid-template-${along}: repeat(${all.length}, minmax(0, 1fr))"
  >
    ${places.map((at) => html`<span style="grid-${along.slice(0, -1)}: ${at + 1}">${stepText(all[at] ?? 0)}</span>`)}
  </div>`;
}

function cell({ from, to }: Pair, { from_steps, to_steps }: SimilarityMatrix): TemplateResult {
  const place = {
    left: share(to, to_steps.length),
    top: share(from, from_steps.length),
    width: share(1, to_steps.length),
    height: share(1, from_steps.length),
  };
  return html`<div class="cell" style=${styleMap(place)}></div>`;
}

/** Returns the place of a card beside a cell, where the map has more room. */
function besideCell({ from, to }: Pair, { from_steps, to_steps }: SimilarityMatrix) {
  const [rows, columns] = [from_steps.length, to_steps.length];
  return {
    ...(2 * to < columns
      ? { left: share(to + 1, columns) }
      : { right: share(columns - to, columns) }),
    ...(2 * from < rows ? { top: share(from + 1, rows) } : { bottom: share(rows - from, rows) }),
  };
}

const share = (at: number, count: number) => `${((100 * at) / count).toFixed(3)}%`;

/** Returns the pixels of values by their places on the color scale, 0..1; NaN is transparent. */
export function similarityPixels(
  { from_steps, to_steps }: Pick<SimilarityMatrix, "from_steps" | "to_steps">,
  shares: Float32Array,
  colormap: Colormap,
): ImageData {
  const image = new ImageData(to_steps.length, from_steps.length);
  shares.forEach((share, at) => {
    if (Number.isNaN(share)) return;
    const entry = 4 * Math.round(255 * share);
    image.data.set(colormap.subarray(entry, entry + 4), 4 * at);
  });
  return image;
}
