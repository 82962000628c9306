/** Shows how alike the tables of all steps are, each with every other, and picks two of them. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import type { SimilarityMatrix } from "../../api/contract.gen";
import { similarityRange } from "../../selectors/similarity";
import { compareWith, goToStep } from "../../state/actions";
import { otherSeriesOf, referenceOf, seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { stepName, text } from "../../strings";
import { PALETTES } from "../../theme/palette";
import { number, stepText } from "../../util/number_format";
import { StateElement } from "../shared/state_element";
import { panelStyles } from "./health.css";
import { similarityPixels } from "./similarity_pixels";

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
    theme: state.passing.theme,
  };
}

/** A cell: the places of its two steps. */
interface Pair {
  readonly from: number;
  readonly to: number;
}

@customElement("wordembed-similarity-map")
export class SimilarityMap extends StateElement(sliceOf) {
  static override styles = [
    panelStyles,
    css`
    :host {
      display: contents;
    }
    .readings {
      height: 16px;
      overflow: hidden;
      color: var(--text);
      font-size: var(--small);
      line-height: 16px;
      white-space: nowrap;
    }
    .map {
      position: relative;
      height: 132px;
      cursor: crosshair;
      touch-action: none;
    }
    canvas {
      width: 100%;
      height: 100%;
      image-rendering: pixelated;
    }
    .cell {
      position: absolute;
      box-sizing: border-box;
      min-width: 6px;
      min-height: 6px;
      outline: 2px solid var(--accent);
      outline-offset: -1px;
      pointer-events: none;
    }
    .ends {
      color: var(--muted);
      font-size: var(--small);
      line-height: 14px;
    }
    .problem {
      color: var(--lost);
    }
  `,
  ];

  @query("canvas") private canvas!: HTMLCanvasElement | null;
  @state() private hovered: Pair | null = null;
  private drawn: readonly unknown[] = [];

  protected override sync(): void {
    const { matrix, theme } = this.slice;
    const { canvas } = this;
    if (!canvas || !matrix || (this.drawn[0] === matrix && this.drawn[1] === theme)) return;
    this.drawn = [matrix, theme];
    const { ground, series } = PALETTES[theme];
    const image = similarityPixels(matrix, similarityRange(matrix), ground, series[0]);
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext("2d")?.putImageData(image, 0, 0);
  }

  protected override render(): TemplateResult {
    const { matrix, failure, progress } = this.slice;
    const isKnown = matrix !== null && matrix.values.length > 0;
    return html`<h3 class="ellipsis" title=${text.similarity}>${text.similarity}</h3>
      ${failure ? html`<p class="problem" role="alert">${failure}</p>` : nothing}
      ${isKnown ? this.map(matrix) : nothing}
      ${
        isKnown || failure
          ? nothing
          : html`<progress max="1" .value=${progress ?? 0} aria-label=${text.measuring}></progress>`
      }
      <p>${text.similarityHelp}</p>`;
  }

  private map(matrix: SimilarityMatrix): TemplateResult {
    const { from_steps, to_steps } = matrix;
    const chosen = this.chosen(matrix);
    const said = this.said(matrix, this.hovered ?? chosen);
    const [least, most] = similarityRange(matrix).map((value) => number(value, 2));
    const ends = [to_steps[0], to_steps.at(-1)].map((step) => stepText(step ?? 0));
    return html`<div class="readings">${said || text.similarityEnds(least ?? "", most ?? "")}</div>
      <div>
        <div
          class="map"
          role="application"
          tabindex="0"
          aria-label="${text.similarityMap}. ${said}"
          @pointermove=${(event: PointerEvent) => this.hover(matrix, event)}
          @pointerleave=${() => {
            this.hovered = null;
          }}
          @click=${(event: MouseEvent) => this.pick(matrix, pairAt(matrix, event))}
          @keydown=${(event: KeyboardEvent) => this.onKey(matrix, event)}
        >
          <canvas aria-hidden="true"></canvas>
          ${[chosen].map((pair) => (pair ? cell(pair, from_steps.length, to_steps.length) : nothing))}
        </div>
        <div class="ends spread" aria-hidden="true"><span>${ends[0]}</span><span>${ends[1]}</span></div>
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

  /** Measures from the step of the row to that of the column. */
  private pick({ from_steps, to_steps }: SimilarityMatrix, { from, to }: Pair): void {
    const { other, series } = this.slice;
    const [reference, step] = [from_steps[from], to_steps[to]];
    if (!series || reference === undefined || step === undefined) return;
    this.act((state) => goToStep(step)(compareWith(other ?? series, reference)(state)));
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

/** Returns the cell below the pointer. */
function pairAt({ from_steps, to_steps }: SimilarityMatrix, event: MouseEvent): Pair {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const at = (offset: number, size: number, count: number) =>
    Math.min(Math.max(Math.floor((count * offset) / size), 0), count - 1);
  return {
    from: at(event.clientY - box.top, box.height, from_steps.length),
    to: at(event.clientX - box.left, box.width, to_steps.length),
  };
}

/** Returns the frame around a cell. */
function cell({ from, to }: Pair, rows: number, columns: number): TemplateResult {
  const share = (at: number, count: number) => `${((100 * at) / count).toFixed(3)}%`;
  const place = {
    left: share(to, columns),
    top: share(from, rows),
    width: share(1, columns),
    height: share(1, rows),
  };
  return html`<div class="cell" style=${styleMap(place)}></div>`;
}
