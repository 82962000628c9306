/** Draws the cells of the table. */

import { html, nothing, type TemplateResult } from "lit";
import { curve } from "../../charts/small_charts";
import { inBox } from "../../charts/step_geometry";
import { nameIn, textIn, withCondition } from "../../filter/conditions";
import type { Values } from "../../filter/filter_operators";
import type { TableColumn } from "../../selectors/table/table_columns";
import type { Trends } from "../../state/slots";
import type { RowSet } from "../../state/view";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";
import { numeralOf, percent } from "../../util/number_format";
import type { Act } from "../shared/state_element";

/** The columns with a bar behind each number; the largest number has a full bar. */
const WITH_BARS: ReadonlySet<string> = new Set([
  ...["drift", "cosine", "euclidean", "relative", "norm_change", "step_drift"],
  ...["path_length", "second_order"],
]);

export const hasBar = (id: string) => WITH_BARS.has(id);

export function cell(
  column: TableColumn,
  values: Values | null,
  row: number,
  largest: number,
  act: Act,
): TemplateResult | string {
  if (values?.texts) return textCell(column.name, values.texts[row] ?? "", act);
  const numbers = values?.numbers ?? [];
  const value = numbers[row] ?? Number.NaN;
  const written = numeralIn(column.id, numbers)(value);
  return WITH_BARS.has(column.id) ? bar(value, largest, written) : written;
}

/** Returns a number with a bar behind it, which is full for the largest one. */
export function bar(value: number, largest: number, written: string): TemplateResult {
  const share = Number.isFinite(value) && largest > 0 ? Math.abs(value) / largest : 0;
  const percent = (100 * Math.min(share, 1)).toFixed(1);
  return html`<i style="width: ${percent}%"></i><b>${written}</b>`;
}

/** Returns a text, and a button that lists only tokens with the same one. */
function textCell(column: string, value: string, act: Act): TemplateResult {
  const label = cleanLabel(value);
  const listOnly = (event: Event) => {
    // The press must not pick the row.
    event.stopPropagation();
    act(({ view, ...state }) => {
      const condition = `${nameIn(column)} = ${textIn(value)}`;
      return { ...state, view: { ...view, filter: withCondition(view.filter, column, condition) } };
    });
  };
  return html`<span class="token ellipsis" dir="auto" title=${label}>${label}</span>
    <button class="only" tabindex="-1" title=${text.onlyValue(label)} aria-label=${text.onlyValue(label)} @click=${listOnly}>
      ${text.only}
    </button>`;
}

/** Returns the format of the numbers of a column. */
export const numeralIn = (id: string, numbers: ArrayLike<number>): ((value: number) => string) =>
  id === "kept" ? percent : numeralOf(numbers);

/** Returns the largest absolute value among the rows of an order, which is the length of a full bar. */
export function largestOf(order: Uint32Array, column: TableColumn, values: Values | null): number {
  const numbers = values?.numbers;
  return numbers && WITH_BARS.has(column.id) ? largestAmong(order, numbers) : 0;
}

const largestAmong = memo((order: Uint32Array, numbers: ArrayLike<number>): number => {
  const all = order.length === numbers.length;
  let largest = 0;
  for (let at = 0; at < order.length; at++) {
    // If all rows are listed, reads them in row order; random access to memory takes ten times as long.
    const size = Math.abs(numbers[all ? at : (order[at] as number)] ?? 0);
    if (size > largest) largest = size;
  }
  return largest;
}, WITH_BARS.size);

/** Returns a dot for each saved selection that contains a row. */
export function setDots(sets: readonly RowSet[]): TemplateResult[] {
  return sets.map(
    ({ name, color }) => html`<i
      class="dot"
      role="img"
      aria-label=${text.inSet(cleanLabel(name))}
      style="background: var(--marks-${color})"
    ></i>`,
  );
}

/** Returns the largest value of trends, for those that no drift in the table says the scale of. */
export const largestTrend = memo((trends: Trends | null): number => {
  let largest = 0;
  for (const values of trends?.byRow.values() ?? []) {
    for (const value of values) largest = Math.max(largest, Math.abs(value) || 0);
  }
  return largest;
});

/** Returns a small line of drift over the steps, on the same scale in every row, with a line at the step. */
export function trend(
  values: Float32Array | null,
  steps: readonly number[],
  step: number | null,
  largest: number,
): TemplateResult | typeof nothing {
  if (!values) return nothing;
  const shares = Array.from(values, (value) =>
    Number.isFinite(value) ? Math.min(Math.abs(value) / (largest || 1), 1) : null,
  );
  return curve(steps, shares, step, inBox(steps, 1));
}
