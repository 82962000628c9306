import { html, nothing, type PropertyValues, svg, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { styleMap } from "lit/directives/style-map.js";
import type { Health, Series } from "../api/contract.gen";
import { count, wallTime } from "../format";
import {
  goToStep,
  moveReference,
  moveStep,
  patchPassing,
  setReference,
  togglePlaying,
} from "../state/actions";
import { derivedReference, driftFromFirst, seriesOf, stepOf } from "../state/derived";
import type { State } from "../state/state";
import { text } from "../strings";
import { shared } from "../theme/styles";
import { StateElement } from "./element";
import { timelineStyles } from "./timeline.css";
import { bandPath, linePath, namedSteps, nearestStep, shareOf } from "./timeline_geometry";

/** At least so far apart are two named steps; longer numbers need more. */
const NAME_GAP = 48;
const DIGIT_PX = 6;
const MOST_MARKED = 400;
const SPEEDS = [0.5, 1, 2, 4, 8];

type Handle = "step" | "reference";

interface Slice {
  series: Series | null;
  step: number | null;
  reference: number | null;
  playing: boolean;
  speed: number;
  health: Health | null;
}

/** The steps at their true places, with the drift of the whole table drawn behind them. */
@customElement("wordembed-timeline")
export class Timeline extends StateElement<Slice> {
  static override styles = [shared, timelineStyles];

  @query(".track") private track!: HTMLElement;
  @state() private trackWidth = 0;
  private dragging: Handle | null = null;
  private readonly resizing = new ResizeObserver(() => {
    this.trackWidth = this.track.clientWidth;
  });

  protected override firstUpdated(changed: PropertyValues): void {
    super.firstUpdated(changed);
    this.resizing.observe(this.track);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
  }

  protected select(state: State): Slice {
    return {
      series: seriesOf(state),
      step: stepOf(state),
      reference: derivedReference(state),
      playing: state.passing.playing,
      speed: state.passing.speed,
      health: state.slots.health.value,
    };
  }

  protected override render(): TemplateResult {
    const { series, step } = this.slice;
    const steps = series?.steps ?? [];
    const at = steps.indexOf(step ?? Number.NaN);
    const newest = steps.length > 0 && at === steps.length - 1;
    return html`
      ${this.controls(steps, at)}
      <div
        class="track"
        title=${text.timelineBand}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @pointercancel=${this.onUp}
      >
        ${this.band(steps)} ${this.ticks(steps)}
        ${steps.length > 1 ? [this.handle("reference", steps), this.handle("step", steps)] : nothing}
      </div>
      <div class="where">
        <span
          >${text.step} <b>${step === null ? "–" : count(step)}</b>${
            newest && steps.length > 1 ? html`<em>${text.newest}</em>` : nothing
          }</span
        >
        <span class="muted">${steps.length ? text.stepOf(at + 1, steps.length) : ""}</span>
        <span class="muted ellipsis">${wallTime(series?.wall_times[at])}</span>
      </div>
    `;
  }

  private controls(steps: readonly number[], at: number): TemplateResult {
    const { playing, speed } = this.slice;
    return html`<div class="controls">
      <button
        aria-label=${text.previousStep}
        title=${text.previousStep}
        ?disabled=${at <= 0}
        @click=${() => this.act(moveStep(-1))}
      >
        ${icon("M10 3 5 8l5 5z")}
      </button>
      <button
        class="play"
        aria-label=${playing ? text.pause : text.play}
        title=${playing ? text.pause : text.play}
        ?disabled=${steps.length < 2}
        @click=${() => this.act(togglePlaying)}
      >
        ${icon(playing ? "M4 3h3v10H4zM9 3h3v10H9z" : "M4 2.5 13 8l-9 5.5z")}
      </button>
      <button
        aria-label=${text.nextStep}
        title=${text.nextStep}
        ?disabled=${at < 0 || at === steps.length - 1}
        @click=${() => this.act(moveStep(1))}
      >
        ${icon("M6 3l5 5-5 5z")}
      </button>
      <select
        aria-label=${text.speed}
        title=${text.speed}
        @change=${(event: Event) =>
          this.act(patchPassing({ speed: Number((event.target as HTMLSelectElement).value) }))}
      >
        ${SPEEDS.map((value) => html`<option value=${value} .selected=${live(value === speed)}>${value}×</option>`)}
      </select>
    </div>`;
  }

  private band(steps: readonly number[]): TemplateResult | typeof nothing {
    const { health } = this.slice;
    if (!health || steps.length < 2) return nothing;
    const { p10, p50, p90 } = driftFromFirst(health);
    const top = Math.max(...p90.map((value) => value ?? 0), 1e-12);
    return html`<svg class="band" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      ${svg`<path class="area" d=${bandPath(health.steps, p10, p90, top)}></path>
        <path class="median" d=${linePath(health.steps, p50, top)}></path>`}
    </svg>`;
  }

  /** A mark for each step; numbers where there is room. */
  private ticks(steps: readonly number[]): TemplateResult {
    const longest = count(steps.at(-1) ?? 0).length;
    const gap = Math.max(NAME_GAP, DIGIT_PX * longest + 12);
    const named = namedSteps(steps, this.trackWidth, gap);
    const at = (step: number) => styleMap({ left: percent(steps, step) });
    return html`<div class="ticks" aria-hidden="true">
      ${steps.length <= MOST_MARKED ? steps.map((step) => html`<i style=${at(step)}></i>`) : nothing}
      ${named.map((step) => html`<span style=${at(step)}>${count(step)}</span>`)}
    </div>`;
  }

  private handle(kind: Handle, steps: readonly number[]): TemplateResult | typeof nothing {
    const value = this.slice[kind];
    if (value === null) return nothing;
    const label = kind === "step" ? text.step : text.reference;
    const at = steps.indexOf(value);
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
      style=${styleMap({ left: percent(steps, value) })}
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

  private onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { handle } = (event.target as HTMLElement).dataset;
    this.dragging = handle === "reference" ? "reference" : "step";
    this.track.setPointerCapture(event.pointerId);
    if (!handle) this.dragTo(event);
  }

  private onMove(event: PointerEvent): void {
    if (this.dragging) this.dragTo(event);
  }

  private onUp(): void {
    this.dragging = null;
  }

  private dragTo(event: PointerEvent): void {
    const { left, width } = this.track.getBoundingClientRect();
    const step = nearestStep(this.slice.series?.steps ?? [], (event.clientX - left) / width);
    if (step === null || !this.dragging || step === this.slice[this.dragging]) return;
    this.act(this.dragging === "step" ? goToStep(step) : setReference(step));
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

function percent(steps: readonly number[], step: number): string {
  return `${100 * shareOf(steps, step)}%`;
}

function icon(path: string): TemplateResult {
  return html`<svg viewBox="0 0 16 16" width="14" height="14" aria-hidden="true" fill="currentColor">
    ${svg`<path d=${path}></path>`}
  </svg>`;
}
