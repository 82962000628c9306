/** Draws small charts: histograms, curves, and the marks that say which line is whose. */

import { html, nothing, svg, type TemplateResult } from "lit";
import { unsafeSVG } from "lit/directives/unsafe-svg.js";
import type { Line } from "./line_plot";
import { linePath, type Places } from "./step_geometry";
import { short } from "./svg_text";

const HEIGHT = 48;

/** Draws counts as bars with gaps between them: SVG elements from (0, 0) on. */
export function barsSvg(counts: readonly number[], width: number, height: number, gap: number) {
  const tallest = Math.max(...counts, 1);
  const bin = width / Math.max(counts.length, 1);
  const bars = counts.map((count, at) => {
    if (!count) return "";
    // A rare value is still seen.
    const tall = Math.max((height * count) / tallest, 1);
    return `<rect x="${short(at * bin + gap / 2)}" y="${short(height - tall)}" width="${short(bin - gap)}" height="${short(tall)}"/>`;
  });
  return bars.join("");
}

/**
 * Draws counts as bars, with a line at a value; screen readers say `label`. Other counts are drawn
 * behind them, as tall.
 */
export function histogram(
  counts: readonly number[],
  mark: number,
  most: number,
  label: string,
  behind: readonly number[] = [],
): TemplateResult {
  const { length } = counts;
  const x = most > 0 ? (length * mark) / most : 0;
  return html`<svg
    class="histogram"
    role="img"
    aria-label=${label}
    viewBox="0 0 ${length} ${HEIGHT}"
    preserveAspectRatio="none"
  >
    <g class="behind">${unsafeSVG(barsSvg(behind, length, HEIGHT, 0))}</g>
    ${unsafeSVG(`${barsSvg(counts, length, HEIGHT, 0.2)}<line x1="${x}" x2="${x}" y2="${HEIGHT}"/>`)}
  </svg>`;
}

/** Draws a curve over the steps, with a line at one of them, as large as its style says. */
export function curve(
  steps: readonly number[],
  values: Line["values"],
  step: number | null,
  places: Places,
): TemplateResult {
  const x = places.x(step ?? 0);
  return html`<svg class="curve" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
    ${steps.includes(step ?? Number.NaN) ? svg`<path class="now" d="M${x} 0V100" />` : nothing}
    <path d=${linePath(steps, values, places)} />
  </svg>`;
}

/** Draws how a line looks in a chart, beside its name; one without a color is as dark as text. */
export function lineMark({ color, mark, dashed, width = 2 }: Partial<Line>): TemplateResult {
  const ofLine = color === undefined ? "text" : `series-${color}`;
  return html`<svg class="line-mark" viewBox="0 0 14 6" aria-hidden="true">
    ${svg`<line x2="14" y1="3" y2="3" stroke="var(--${mark === undefined ? ofLine : `marks-${mark}`})"
      stroke-width=${Math.min(width, 4)} stroke-dasharray=${dashed ? "4 3" : "none"}></line>`}
  </svg>`;
}
