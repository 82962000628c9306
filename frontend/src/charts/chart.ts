/** Draws a chart of lines over the steps. */

import { css, html, LitElement, type PropertyValues, type TemplateResult, unsafeCSS } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import uPlot from "uplot";
import uplotCss from "uplot/dist/uPlot.min.css?inline";
import { PALETTES, type Palette, type Theme } from "../theme/palette";
import { FAMILY, TYPE, typeSize } from "../theme/typography";
import { compact } from "../util/number_format";
import { stepRange, tickLabel, valueRange } from "./axis_ranges";
import { valueTicks } from "./axis_ticks";
import { colorOf, type Line } from "./line";

/** Enough to tell neighboring ticks of a long training apart. */
const STEP_DIGITS = 4;

/**
 * Lines over steps, with marks at the reference step, the step on screen and the one below
 * the pointer. Says `step-pick` for a click, and `step-hover` where the pointer is.
 */
@customElement("wordembed-chart")
export class Chart extends LitElement {
  static override styles = [
    unsafeCSS(uplotCss),
    css`
      :host {
        display: block;
        min-width: 0;
        overflow: hidden;
      }
      .u-wrap {
        cursor: pointer;
      }
    `,
  ];

  @property({ attribute: false }) steps: readonly number[] = [];
  @property({ attribute: false }) lines: readonly Line[] = [];
  @property({ attribute: false }) step: number | null = null;
  @property({ attribute: false }) reference: number | null = null;
  /** Below the pointer, here or in another chart of the same steps. */
  @property({ attribute: false }) hovered: number | null = null;
  /** Since which the table is settled. */
  @property({ attribute: false }) settled: number | null = null;
  /** Whether the values' axis starts at zero. */
  @property({ type: Boolean }) fromZero = false;
  /** The values' axis reaches this far at least: a scale that says what is little. */
  @property({ attribute: false }) reach: number | null = null;
  @property({ type: Number }) height = 96;
  @property() theme: Theme = "light";
  /** Read by those who don't see the drawing. */
  @property() label = "";

  @query("div") private host!: HTMLElement;
  private plot: uPlot | null = null;
  private said: number | null = null;
  /** Size of the words at the axes, CSS pixels. */
  private type: number = TYPE.tiny;
  private readonly resizing = new ResizeObserver(() => this.resize());

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
    this.plot?.destroy();
    this.plot = null;
  }

  protected override render(): TemplateResult {
    return html`<div role="img" aria-label=${this.label} @click=${this.onClick}></div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const redo = ["steps", "lines", "theme", "height", "fromZero", "reach"] as const;
    if (!this.plot || redo.some((name) => changed.has(name))) this.rebuild();
    else this.plot.redraw(false, false);
  }

  private rebuild(): void {
    this.plot?.destroy();
    this.type = typeSize(this, "tiny");
    const data = [[...this.steps], ...this.lines.map(({ values }) => [...values])];
    this.plot = new uPlot(this.options(), data as uPlot.AlignedData, this.host);
  }

  private options(): uPlot.Options {
    const palette = PALETTES[this.theme];
    const { type } = this;
    const edges = this.lines.flatMap(({ kind }, at) => (kind === "edge" ? [at + 1] : []));
    const [low, high] = edges;
    const { fromZero, reach } = this;
    const rangeOf: uPlot.Range.Function = (_, from, to) => valueRange([from, to], fromZero, reach);
    return {
      width: this.clientWidth || 200,
      height: this.height,
      padding: [6, 14, 0, 0],
      legend: { show: false },
      cursor: { x: false, y: false, drag: { setScale: false }, points: { size: 5 } },
      scales: { x: { time: false, range: () => stepRange(this.steps) }, y: { range: rangeOf } },
      axes: [
        {
          ...axis(palette, type),
          size: 2 * type,
          space: 4.4 * type,
          values: (_, ticks) => ticks.map((step) => this.stepLabel(step)),
        },
        {
          ...axis(palette, type),
          size: 4 * type,
          splits: (_, __, low, high) => valueTicks(low, high),
          values: (_, ticks) => ticks.map(tickLabel),
        },
      ],
      series: [{}, ...this.lines.map((line) => seriesOptions(line, this.steps.length, palette))],
      ...(low && high ? { bands: [{ series: [high, low], fill: palette.band }] } : {}),
      hooks: {
        draw: [(plot) => this.drawMarks(plot, palette)],
        setCursor: [(plot) => this.hoverAt(plot.cursor.idx)],
      },
    };
  }

  private drawMarks(plot: uPlot, palette: Palette): void {
    const mark = (step: number | null, color: string, dash: number[]) => {
      if (step === null || !this.steps.includes(step)) return;
      const x = Math.round(plot.valToPos(step, "x", true)) + 0.5;
      const { ctx, bbox } = plot;
      ctx.save();
      ctx.strokeStyle = color;
      ctx.lineWidth = devicePixelRatio;
      ctx.setLineDash(dash.map((length) => length * devicePixelRatio));
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
      ctx.restore();
    };
    mark(this.settled, palette.gained, [6, 3]);
    mark(this.reference, palette.muted, [2, 3]);
    mark(this.step, palette.accent, []);
    if (this.hovered !== this.step) mark(this.hovered, palette.muted, []);
  }

  private hoverAt(at: number | null | undefined): void {
    const step = typeof at === "number" ? (this.steps[at] ?? null) : null;
    if (step === this.said) return;
    this.said = step;
    this.dispatchEvent(new CustomEvent("step-hover", { detail: step }));
  }

  /** Whole steps only; a single step alone. */
  private stepLabel(step: number): string {
    const isShown = this.steps.length === 1 ? this.steps[0] === step : Number.isInteger(step);
    return isShown ? compact(step, STEP_DIGITS) : "";
  }

  /** A click goes to the step below the pointer. */
  private onClick(): void {
    const at = this.plot?.cursor.idx;
    const step = typeof at === "number" ? this.steps[at] : undefined;
    if (step !== undefined) this.dispatchEvent(new CustomEvent("step-pick", { detail: step }));
  }

  private resize(): void {
    if (!this.plot || !this.clientWidth || this.clientWidth === this.plot.width) return;
    if (typeSize(this, "tiny") !== this.type) this.rebuild();
    else this.plot.setSize({ width: this.clientWidth, height: this.height });
  }
}

function axis(palette: Palette, type: number): uPlot.Axis {
  return {
    stroke: palette.muted,
    font: `${type}px ${FAMILY}`,
    gap: 3,
    grid: { stroke: palette.hairline, width: 1 },
    ticks: { show: false },
  };
}

function seriesOptions(line: Line, steps: number, palette: Palette): uPlot.Series {
  const edge = line.kind === "edge";
  return {
    label: line.label,
    stroke: edge ? "transparent" : colorOf(line, palette),
    width: edge ? 0 : (line.width ?? 1.5),
    points: { show: !edge && steps <= 12, size: 4, width: 1, fill: colorOf(line, palette) },
    spanGaps: false,
    ...(line.dashed ? { dash: [4, 3] } : {}),
  };
}
