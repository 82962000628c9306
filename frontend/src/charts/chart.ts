/** Shows a chart of lines over the steps. */

import { css, html, LitElement, type PropertyValues, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { unsafeSVG } from "lit/directives/unsafe-svg.js";
import { PALETTES, type Theme } from "../theme/palette";
import { FAMILY, TYPE } from "../theme/typography";
import type { Line } from "./line";
import { dotsSvg, type Mark, marksSvg, namesHeight, plotSvg, type Scale, scaleOf } from "./plot";
import { nearestStep } from "./step_geometry";

/** Room above the plot for half of the name of a value, CSS pixels. */
const TOP = 6;
/** The properties that the plot depends on; the others change its marks only. */
const PLOTTED = ["steps", "lines", "theme", "height", "fromZero", "reach", "width"];

/**
 * Lines over steps, with marks at the reference step, the step on screen and the one below
 * the pointer. Dispatches `step-pick` for a click, and `step-hover` as the pointer moves.
 */
@customElement("wordembed-chart")
export class Chart extends LitElement {
  static override styles = css`
    :host {
      display: block;
      min-width: 0;
      overflow: hidden;
    }
    svg {
      display: block;
    }
    .plot {
      cursor: pointer;
    }
  `;

  @property({ attribute: false }) steps: readonly number[] = [];
  @property({ attribute: false }) lines: readonly Line[] = [];
  @property({ attribute: false }) step: number | null = null;
  @property({ attribute: false }) reference: number | null = null;
  /** The step below the pointer, here or in another chart of the same steps. */
  @property({ attribute: false }) hovered: number | null = null;
  /** The step since which the table is settled. */
  @property({ attribute: false }) settled: number | null = null;
  @property({ type: Boolean }) fromZero = false;
  /** The axis of values reaches at least this far, so that small values look small. */
  @property({ attribute: false }) reach: number | null = null;
  @property({ type: Number }) height = 96;
  @property() theme: Theme = "light";
  /** What screen readers say of the chart. */
  @property() label = "";
  @state() private width = 200;

  private scale: Scale | null = null;
  private plot = "";
  private said: number | null = null;
  private readonly resizing = new ResizeObserver(() => {
    if (this.clientWidth) this.width = this.clientWidth;
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizing.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizing.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (this.scale && !PLOTTED.some((name) => changed.has(name))) return;
    const { width } = this;
    const type = TYPE.tiny;
    const size = { width, height: this.height - TOP - namesHeight(type), type };
    this.scale = scaleOf(this, size);
    this.plot = plotSvg(this, size, PALETTES[this.theme]);
  }

  protected override render(): TemplateResult {
    const { height, hovered, label, lines, scale, steps, width } = this;
    if (!scale) return html``;
    const { left, right, bottom } = scale;
    const palette = PALETTES[this.theme];
    const marks = marksSvg(this.marks(), steps, scale);
    const read = [steps.indexOf(hovered ?? Number.NaN)];
    const dots = lines.map((line) => dotsSvg(line, this, read, scale, palette));
    return html`<svg role="img" aria-label=${label} width=${width} height=${height} font-family=${FAMILY}>
      <g transform="translate(0 ${TOP})">
        ${unsafeSVG(this.plot + marks + dots.join(""))}
        ${svg`<rect class="plot" x=${left} width=${right - left} height=${bottom} fill="transparent"
          @pointermove=${(event: MouseEvent) => this.hover(this.stepAt(event))}
          @pointerleave=${() => this.hover(null)}
          @click=${this.pick}></rect>`}
      </g>
    </svg>`;
  }

  private marks(): Mark[] {
    const { hovered, step } = this;
    const { accent, gained, muted } = PALETTES[this.theme];
    return [
      { step: this.settled, color: gained, dash: "6 3" },
      { step: this.reference, color: muted, dash: "2 3" },
      { step, color: accent },
      { step: hovered === step ? null : hovered, color: muted },
    ];
  }

  private stepAt({ clientX, currentTarget }: MouseEvent): number | null {
    const { left, width } = (currentTarget as SVGElement).getBoundingClientRect();
    return nearestStep(this.steps, (clientX - left) / width);
  }

  private hover(step: number | null): void {
    if (step === this.said) return;
    this.said = step;
    this.dispatchEvent(new CustomEvent("step-hover", { detail: step }));
  }

  private pick(event: MouseEvent): void {
    const step = this.stepAt(event);
    if (step !== null) this.dispatchEvent(new CustomEvent("step-pick", { detail: step }));
  }
}
