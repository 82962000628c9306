/** Draws a small line chart of a measure, with a dot at a step. */

import { html, nothing, svg, type TemplateResult } from "lit";
import { linePath, shareOf } from "../../charts/step_geometry";
import { short } from "../../util/number_format";
import type { HealthMeasure } from "./health_measures";

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
            ${svg`<path d=${linePath(steps, line.values, high > low ? high : low + 1, low)}></path>`}
            ${x === null ? nothing : svg`<line x1=${x} x2=${x} y2="100"></line>`}
          </svg>`
    }
  </span>`;
}
