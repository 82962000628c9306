/** Lists the compared tokens with their colors, and draws their lines in charts. */

import { html, type TemplateResult } from "lit";
import type { Trajectories } from "../../api/contract.gen";
import type { Line } from "../../charts/chart_line";
import { labelsOf } from "../../selectors/shared/row_labels";
import { comparedRows, marksOf } from "../../selectors/token/compared_tokens";
import { comparedTrajectories, valuesOf } from "../../selectors/token/trajectories";
import type { State } from "../../state/state";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";

/** A compared token; `mark` is the place of its color among the palette's marks. */
export interface MarkedToken {
  readonly row: number;
  readonly label: string;
  readonly mark: number;
}

const marked = memo((rows: readonly number[], labels: readonly string[]): MarkedToken[] =>
  rows.map((row) => ({
    row,
    label: cleanLabel(labels[row] ?? `#${row}`),
    mark: marksOf(rows).get(row) ?? 0,
  })),
);

const sorted = memo((tokens: readonly MarkedToken[]) => tokens.toSorted((a, b) => a.mark - b.mark));

/** Returns the compared tokens; which of them is inspected does not change their order. */
export function markedTokens(state: State): readonly MarkedToken[] {
  return sorted(marked(comparedRows(state), labelsOf(state)));
}

export function swatch({ mark }: MarkedToken): TemplateResult {
  return html`<i class="swatch" style="background: var(--marks-${mark})"></i>`;
}

/** The lines of the compared tokens in each chart, in the colors of the tokens. */
export interface Overlaid {
  readonly drift: readonly Line[];
  readonly norm: readonly Line[];
}

/** Returns the lines of the compared tokens; null for one token, or until all are loaded. */
export function overlaidLines(state: State): Overlaid | null {
  return overlaid(marked(comparedRows(state), labelsOf(state)), comparedTrajectories(state));
}

const overlaid = memo(
  (tokens: readonly MarkedToken[], answer: Trajectories | null): Overlaid | null => {
    if (tokens.length < 2 || !answer) return null;
    const linesOf = (values: Float32Array) =>
      tokens.flatMap(({ row, label, mark }): Line[] => {
        const found = valuesOf(answer, row, values);
        return found ? [{ label, values: found, color: 0, mark }] : [];
      });
    const drift = linesOf(answer.drift);
    return drift.length === tokens.length ? { drift, norm: linesOf(answer.norm) } : null;
  },
);
