/** Draws a histogram. */

import { html, svg, type TemplateResult } from "lit";

const HEIGHT = 48;

/** Counts as bars, with a line at a value; `label` is read by those who don't see it. */
export function histogram(
  counts: readonly number[],
  mark: number,
  most: number,
  label: string,
): TemplateResult {
  const tallest = Math.max(...counts, 1);
  const bars = counts.flatMap((count, at) => {
    if (!count) return [];
    // What is rare is still to be seen.
    const height = Math.max((HEIGHT * count) / tallest, 1);
    return svg`<rect x=${at + 0.1} y=${HEIGHT - height} width="0.8" height=${height}></rect>`;
  });
  const x = most > 0 ? (counts.length * mark) / most : 0;
  return html`<svg
    class="histogram"
    role="img"
    aria-label=${label}
    viewBox="0 0 ${counts.length} ${HEIGHT}"
    preserveAspectRatio="none"
  >
    ${bars}${svg`<line x1=${x} x2=${x} y2=${HEIGHT}></line>`}
  </svg>`;
}
