/** Shows the timeline: all steps, and the drift of the whole table as an area behind them. */

import { html, nothing, svg, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import {
  bandPath,
  inBox,
  linePath,
  namedSteps,
  nearestStep,
  shareOf,
} from "../../charts/step_geometry";
import { driftFromFirst, healthOf, settledStep } from "../../selectors/health/health_values";
import {
  compareSteps,
  goToStep,
  hoverStep,
  moveReference,
  moveStep,
  patchPassing,
  setReference,
} from "../../state/actions";
import { otherSeriesOf, referenceOf, seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { count, short, stepText, wallTime } from "../../util/number_format";
import { StateElement, watchesSize } from "../shared/state_element";
import { playerControls } from "./player_controls";
import { timelineStyles } from "./timeline.css";

/** The smallest distance between two step labels, in CSS pixels; longer numbers need more. */
const NAME_GAP = 48;
const DIGIT_PX = 6;
const MOST_MARKED = 400;
const CARD_PX = 224;

type Handle = "step" | "reference";

/** The current drag: a handle that moves, or a brush with the step at which it began. */
type Drag = { handle: Handle } | { brushFrom: number };

function sliceOf(state: State) {
  const { playing, speed, loop, hoverStep: hovered, hoversChart } = state.passing;
  return {
    ...{ playing, speed, loop, hovered, hoversChart },
    series: seriesOf(state),
    step: stepOf(state),
    /** The step that drift is measured from; null where it is a step of another series. */
    reference: otherSeriesOf(state) ? null : referenceOf(state),
    settled: settledStep(state),
    health: healthOf(state),
    /** Whether drift can be measured from one step only. */
    isSaved: state.savedPage !== null,
  };
}

@customElement("wordembed-timeline")
export class Timeline extends StateElement(sliceOf) {
  static override styles = timelineStyles;

  @query(".track") private track!: HTMLElement;
  @state() private trackWidth = 0;
  private drag: Drag | null = null;

  constructor() {
    super();
    const measure = () => {
      this.trackWidth = this.track.clientWidth;
    };
    watchesSize(this, measure, () => this.track);
  }

  protected override render(): TemplateResult {
    const { series, step } = this.slice;
    const steps = series?.steps ?? [];
    const at = steps.indexOf(step ?? Number.NaN);
    const newest = step !== null && at === steps.length - 1;
    return html`
      ${playerControls(this.slice, at, steps.length, this.act)}
      <div
        class="track"
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @pointercancel=${this.onUp}
        @pointerleave=${() => this.act(hoverStep(null))}
      >
        ${this.band(steps)} ${this.ticks(steps)} ${this.marks(steps)}
        ${this.handle("reference", steps)} ${this.handle("step", steps)}
        ${this.card(steps)}
      </div>
      <div class="where">
        <span
          >${text.step} <b>${step === null ? "–" : stepText(step)}</b>${newest ? html`<em>${text.newest}</em>` : nothing}</span
        >
        <span class="muted">${text.stepOf(at + 1, steps.length)}</span>
        <span class="muted ellipsis">${wallTime(series?.wall_times[at])}</span>
      </div>
    `;
  }

  private band(steps: readonly number[]): TemplateResult | typeof nothing {
    const { health } = this.slice;
    if (!health) return nothing;
    const { p10, p50, p90 } = driftFromFirst(health);
    const top = Math.max(...p90.map((value) => value ?? 0), 1e-12);
    // The measured steps stay in place while the others are still being measured.
    const over = health.job.state === "done" ? health.steps : steps;
    const places = inBox(over, top);
    return html`<svg class="band curve" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      ${svg`<path class="area" d=${bandPath(over, p10, p90, places)}></path>
        <path d=${linePath(over, p50, places)}></path>`}
    </svg>`;
  }

  private ticks(steps: readonly number[]): TemplateResult {
    const longest = stepText(steps.at(-1) ?? 0).length;
    const gap = Math.max(NAME_GAP, DIGIT_PX * longest + 12);
    const named = namedSteps(steps, this.trackWidth, gap);
    const at = placedOn(steps);
    return html`<div class="ticks" aria-hidden="true">
      ${steps.length <= MOST_MARKED ? steps.map((step) => html`<i style=${at(step)}></i>`) : nothing}
      ${named.map((step) => html`<span style=${at(step)}>${stepText(step)}</span>`)}
    </div>`;
  }

  /** Returns the range from the reference step to the step, and the marks of settling and of the pointer. */
  private marks(steps: readonly number[]): TemplateResult | typeof nothing {
    const { step, reference, hovered, settled } = this.slice;
    if (step === null) return nothing;
    const [from = 0, to = 0] = [shareOf(steps, reference ?? step), shareOf(steps, step)].sort(
      (a, b) => a - b,
    );
    const at = placedOn(steps);
    return html`<div class="span" style="left: ${100 * from}%; width: ${100 * (to - from)}%"></div>
      ${settled === null ? nothing : html`<div class="settled" style=${at(settled)}>${text.settled}</div>`}
      ${hovered === null ? nothing : html`<div class="ghost" style=${at(hovered)}></div>`}`;
  }

  private card(steps: readonly number[]): TemplateResult | typeof nothing {
    const { hovered, hoversChart, health, series } = this.slice;
    const at = steps.indexOf(hovered ?? Number.NaN);
    if (hovered === null || at < 0) return nothing;
    const drift = health && driftFromFirst(health).p50[health.steps.indexOf(hovered)];
    const share = shareOf(steps, hovered);
    const left = `clamp(0px, ${100 * share}% - ${CARD_PX / 2}px, 100% - ${CARD_PX}px)`;
    return html`<div class="card" aria-hidden="true" style="left: ${left}; width: ${CARD_PX}px">
      <div class="spread"><b>${text.step} ${count(hovered)}</b> <span>${wallTime(series?.wall_times[at])}</span></div>
      ${typeof drift === "number" ? html`<div>${text.medianDriftIs(short(drift))}</div>` : nothing}
      <div class="muted">${hoversChart ? text.pickHint : text.brushHint}</div>
    </div>`;
  }

  private handle(kind: Handle, steps: readonly number[]): TemplateResult | typeof nothing {
    const value = this.slice[kind];
    if (value === null) return nothing;
    const label = kind === "step" ? text.step : text.reference;
    const at = steps.indexOf(value);
    if (kind === "reference" && this.slice.isSaved) {
      return html`<div
        class="handle reference"
        role="img"
        title=${text.savedReference(value)}
        aria-label=${text.savedReference(value)}
        style=${placedOn(steps)(value)}
      ></div>`;
    }
    return html`<div
      class="handle ${kind}"
      role="slider"
      tabindex="0"
      title=${`${label} ${count(value)}`}
      aria-label=${label}
      aria-valuemin=${0}
      aria-valuemax=${steps.length - 1}
      aria-valuenow=${at}
      aria-valuetext=${count(value)}
      data-handle=${kind}
      style=${placedOn(steps)(value)}
      @keydown=${(event: KeyboardEvent) => this.onKey(event, kind, steps)}
    ></div>`;
  }

  private onKey(event: KeyboardEvent, kind: Handle, steps: readonly number[]): void {
    const move = kind === "step" ? moveStep : moveReference;
    const far = Math.max(1, Math.round(steps.length / 10));
    const offset = OFFSETS(far)[event.key];
    if (offset === undefined) return;
    this.act(move(offset));
    event.preventDefault();
    event.stopPropagation();
  }

  /** Starts to drag a handle, to move the step, or with Shift to brush a range of steps. */
  private onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { handle } = (event.target as HTMLElement).dataset;
    const step = this.stepAt(event);
    this.track.setPointerCapture(event.pointerId);
    // Playing stops, so that the step does not move away from the pointer.
    this.act(patchPassing({ playing: false }));
    if (event.shiftKey && step !== null && !this.slice.isSaved) this.drag = { brushFrom: step };
    else this.drag = { handle: handle === "reference" ? "reference" : "step" };
    if (!handle && !event.shiftKey) this.dragTo(step);
  }

  private onMove(event: PointerEvent): void {
    const step = this.stepAt(event);
    if (this.drag) this.dragTo(step);
    this.act(hoverStep(step));
  }

  private onUp(): void {
    this.drag = null;
  }

  private dragTo(step: number | null): void {
    const { drag } = this;
    if (step === null || !drag) return;
    if ("brushFrom" in drag) {
      if (step !== drag.brushFrom) this.act(compareSteps(drag.brushFrom, step));
    } else if (step !== this.slice[drag.handle]) {
      this.act(drag.handle === "step" ? goToStep(step) : setReference(step));
    }
  }

  private stepAt({ clientX }: PointerEvent): number | null {
    const { left, width } = this.track.getBoundingClientRect();
    return nearestStep(this.slice.series?.steps ?? [], (clientX - left) / width);
  }
}

const OFFSETS = (far: number): Readonly<Record<string, number>> => ({
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -far,
  PageUp: far,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
});

const placedOn = (steps: readonly number[]) => (step: number) =>
  `left: ${100 * shareOf(steps, step)}%`;
