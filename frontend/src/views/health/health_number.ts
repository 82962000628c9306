/** Draws a number of Health, with the line of the chart that it belongs to. */

import { html, nothing, svg, type TemplateResult } from "lit";
import { colorOf, type Line } from "../../charts/chart_line";
import { PALETTES, type Theme } from "../../theme/palette";
import type { Reading } from "./health_measures";

/** Returns a reading; without a chart there is no line to find. */
export function readingOf(
  { text: said, line }: Reading,
  theme: Theme,
  hasChart: boolean,
): TemplateResult {
  return html`<span>${line && hasChart ? swatch(line, theme) : nothing}${said}</span>`;
}

function swatch(line: Line, theme: Theme): TemplateResult {
  const stroke = colorOf(line, PALETTES[theme]);
  const { dashed, width } = line;
  return html`<svg viewBox="0 0 14 6" aria-hidden="true">
    ${svg`<line x2="14" y1="3" y2="3" stroke=${stroke} stroke-width=${Math.min(width ?? 2, 4)}
      stroke-dasharray=${dashed ? "4 3" : "none"}></line>`}
  </svg>`;
}
