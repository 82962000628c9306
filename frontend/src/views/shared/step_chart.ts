/** Shows a chart of lines over the steps. */

import { css, html, svg, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { unsafeSVG } from "lit/directives/unsafe-svg.js";
import {
  dotsSvg,
  type Line,
  type Mark,
  marksSvg,
  namesHeight,
  plotSvg,
  scaleOf,
} from "../../charts/line_plot";
import { nearestStep } from "../../charts/step_geometry";
import { goToStep, hoverStep } from "../../state/actions";
import { curveStartOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { FAMILY, PALETTES, type Theme, TYPE } from "../../theme/palette";
import { memo } from "../../util/memo";
import { StateElement, watchesSize } from "./state_element";

/** Room above the plot for half of the name of a value, CSS pixels. */
const TOP = 6;

function sliceOf(current: State) {
  const { hoverStep: hovered, theme } = current.passing;
  return { step: stepOf(current), reference: curveStartOf(current), hovered, theme };
}

/**
 * Lines over steps, with marks at the reference step, the step on screen and the one below the
 * pointer, here or in another chart. A click goes to a step.
 */
@customElement("wordembed-chart")
export class Chart extends StateElement(sliceOf) {
  static override styles = css`
    :host {
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
  /** The step since which the table is settled. */
  @property({ attribute: false }) settled: number | null = null;
  @property({ type: Boolean }) fromZero = false;
  @property({ attribute: false }) reach: number | null = null;
  @property({ type: Number }) height = 96;
  /** What screen readers say of the chart. */
  @property() label = "";
  @state() private width = 200;

  private readonly plotted = memo(plotOf);

  constructor() {
    super();
    watchesSize(this, () => {
      if (this.clientWidth) this.width = this.clientWidth;
    });
  }

  protected override render(): TemplateResult {
    const { fromZero, height, label, lines, reach, steps, width } = this;
    const { hovered, theme } = this.slice;
    const { scale, plot } = this.plotted(steps, lines, fromZero, reach, width, height, theme);
    const { left, right, bottom } = scale;
    const marks = marksSvg(this.marks(), steps, scale);
    const read = [steps.indexOf(hovered ?? Number.NaN)];
    const dots = lines.map((line) => dotsSvg(line, this, read, scale, PALETTES[theme]));
    return html`<svg role="img" aria-label=${label} width=${width} height=${height} font-family=${FAMILY}>
      <g transform="translate(0 ${TOP})">
        ${unsafeSVG(plot + marks + dots.join(""))}
        ${svg`<rect class="plot" x=${left} width=${right - left} height=${bottom} fill="transparent"
          @pointermove=${(event: MouseEvent) => this.hover(this.stepAt(event))}
          @pointerleave=${() => this.hover(null)}
          @click=${this.pick}></rect>`}
      </g>
    </svg>`;
  }

  private marks(): Mark[] {
    const { hovered, reference, step, theme } = this.slice;
    const { accent, gained, muted } = PALETTES[theme];
    return [
      { step: this.settled, color: gained, dash: "6 3" },
      { step: reference, color: muted, dash: "2 3" },
      { step, color: accent },
      { step: hovered === step ? null : hovered, color: muted },
    ];
  }

  private stepAt({ clientX, currentTarget }: MouseEvent): number | null {
    const { left, width } = (currentTarget as SVGElement).getBoundingClientRect();
    return nearestStep(this.steps, (clientX - left) / width);
  }

  private hover(step: number | null): void {
    this.act(hoverStep(step, true));
  }

  private pick(event: MouseEvent): void {
    const step = this.stepAt(event);
    if (step !== null) this.act(goToStep(step));
  }
}

/** Draws the axes and lines of a chart, which stay as they are from step to step. */
function plotOf(
  steps: readonly number[],
  lines: readonly Line[],
  fromZero: boolean,
  reach: number | null,
  width: number,
  height: number,
  theme: Theme,
) {
  const data = { steps, lines, fromZero, reach };
  const size = { width, height: height - TOP - namesHeight(TYPE.tiny), type: TYPE.tiny };
  return { scale: scaleOf(data, size), plot: plotSvg(data, size, PALETTES[theme]) };
}
