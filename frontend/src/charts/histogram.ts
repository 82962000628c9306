/** Draws a histogram. */

import { html, type TemplateResult } from "lit";
import { unsafeSVG } from "lit/directives/unsafe-svg.js";
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
