/** Draws the numbers of Health, with a small chart or with the line of the chart that they belong to. */

import { html, nothing, type TemplateResult } from "lit";
import { curve, lineMark } from "../../charts/small_charts";
import { inBox } from "../../charts/step_geometry";
import { short } from "../../util/number_format";
import type { HealthMeasure, Reading } from "./health_measures";

export function sparkline(
  label: string,
  { lines, fromZero, reach }: HealthMeasure,
  which: number,
  steps: readonly number[],
  step: number | null,
): TemplateResult | [] {
  const line = lines[which];
  if (!line) return [];
  const values = line.values.filter((value) => value !== null);
  if (!values.length) return [];
  const low = Math.min(...values, ...(fromZero ? [0] : []));
  const high = Math.max(...values, reach ?? low);
  const places = inBox(steps, high > low ? high : low + 1, low);
  return html`<span>
    ${label} <b>${short(line.values[steps.indexOf(step ?? Number.NaN)])}</b>
    ${steps.length < 2 ? nothing : curve(steps, line.values, step, places)}
  </span>`;
}

/** Returns a reading; without a chart there is no line to find. */
export function readingOf({ text: said, line }: Reading, hasChart: boolean): TemplateResult {
  return html`<span>${line && hasChart ? lineMark(line) : nothing}${said}</span>`;
}
