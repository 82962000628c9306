/** Draws the numbers of Health, with a small chart or with the line of the chart that they belong to. */

import { html, nothing, svg, type TemplateResult } from "lit";
import { colorOf, type Line } from "../../charts/chart_line";
import { inBox, linePath, shareOf } from "../../charts/step_geometry";
import { PALETTES, type Theme } from "../../theme/palette";
import { short } from "../../util/number_format";
import type { HealthMeasure, Reading } from "./health_measures";

export function sparkline(
  label: string,
  { lines, fromZero, reach }: HealthMeasure,
  which: number,
  steps: readonly number[],
  at: number,
): TemplateResult | [] {
  const line = lines[which];
  if (!line) return [];
  const values = line.values.filter((value) => value !== null);
  if (!values.length) return [];
  const low = Math.min(...values, ...(fromZero ? [0] : []));
  const high = Math.max(...values, reach ?? low);
  const step = steps[at];
  const x = step === undefined ? null : 100 * shareOf(steps, step);
  return html`<span>
    ${label} <b>${short(line.values[at])}</b>
    ${
      steps.length < 2
        ? nothing
        : html`<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
            ${svg`<path class="curve" d=${linePath(steps, line.values, inBox(steps, high > low ? high : low + 1, low))}></path>`}
            ${x === null ? nothing : svg`<line x1=${x} x2=${x} y2="100"></line>`}
          </svg>`
    }
  </span>`;
}

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
