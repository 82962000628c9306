/** Shows the selected tokens in a table: of many, those that moved most. Gives each compared one its color. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Trajectories } from "../../api/contract.gen";
import { type Line, OTHERS_MARK } from "../../charts/line_plot";
import { valuesAt } from "../../charts/step_geometry";
import { compares } from "../../selectors/shared/drift_summary";
import { labelsOf } from "../../selectors/shared/row_labels";
import { movedMost } from "../../selectors/table/groups";
import { comparedRows, MOST_COMPARED, marksOf } from "../../selectors/token/compared_tokens";
import {
  inspectedTrajectory,
  type Trajectory,
  trajectoryInReference,
  valuesOf,
} from "../../selectors/token/trajectories";
import { hover, inspect, select } from "../../state/actions";
import { comparisonOf, inspectedRow, otherSeriesOf, seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { MEASURE_NAMES, seriesName, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";
import { short } from "../../util/number_format";
import { signButton } from "../shared/controls";
import { StateElement } from "../shared/state_element";

function sliceOf(state: State) {
  const { slots, view } = state;
  const drift = slots.drift.value;
  const isMany = view.selection.length > MOST_COMPARED;
  return {
    isMany,
    tokens: isMany ? labeled(movedMost(state, MOST_LISTED), labelsOf(state)) : markedTokens(state),
    drift: drift && compares(drift) ? drift : null,
    hasDrift: comparisonOf(state) === "drift",
    answer: slots.trajectories.value,
    step: stepOf(state),
    inspected: inspectedRow(state),
    selected: view.selection.length,
    measure: slots.drift.value?.measure,
  };
}

/** How many tokens are listed where more are selected than can be compared. */
const MOST_LISTED = 10;

const labeled = memo((rows: readonly number[], labels: readonly string[]): MarkedToken[] =>
  rows.map((row) => ({ row, label: cleanLabel(labels[row] ?? `#${row}`), mark: -1 })),
);

@customElement("wordembed-compared-tokens")
export class ComparedTokens extends StateElement(sliceOf) {
  static override styles = css`
    table {
      table-layout: fixed;
    }
    th:nth-child(n + 2) {
      width: 60px;
    }
    th:last-child {
      width: 24px;
    }
    tr[aria-current="true"] {
      font-weight: 600;
    }
    .pick {
      display: grid;
      grid-template-columns: 14px minmax(0, 1fr);
      align-items: center;
      width: 100%;
      height: 24px;
      padding: 0;
      font-weight: inherit;
      text-align: left;
    }
    .drop {
      width: 24px;
      height: 24px;
      padding: 0;
    }
  `;

  protected override render(): TemplateResult {
    const { tokens, selected, measure, isMany, drift, hasDrift } = this.slice;
    return html`<table class="numbers">
        <thead>
          <tr>
            <th scope="col">${isMany && drift ? text.movedMost : text.comparedTokens(selected)}</th>
            ${hasDrift ? html`<th scope="col" class="ellipsis" title=${measure ? MEASURE_NAMES[measure] : ""}>${text.driftHead}</th>` : nothing}
            ${isMany ? nothing : html`<th scope="col">${text.normOverSteps}</th>`}
            <th><span class="visually-hidden">${text.remove}</span></th>
          </tr>
        </thead>
        <tbody>
          ${tokens.map((token) => this.line(token))}
        </tbody>
      </table>`;
  }

  private line(token: MarkedToken): TemplateResult {
    const { row, label } = token;
    const { isMany, drift, hasDrift } = this.slice;
    return html`<tr
      aria-current=${row === this.slice.inspected}
      @mouseenter=${() => this.act(hover(row))}
      @mouseleave=${() => this.act(hover(null))}
    >
      <td>
        <button class="quiet pick" title=${label} @click=${() => this.act(inspect(row))}>
          ${isMany ? html`<i></i>` : swatch(token)}<span class="token ellipsis" dir="auto">${label}</span>
        </button>
      </td>
      ${hasDrift ? html`<td>${short(drift?.values[row])}</td>` : nothing}
      ${isMany ? nothing : html`<td>${this.norm(row)}</td>`}
      <td>${signButton("×", `${text.remove} ${label}`, () => this.act(select(row, true)), { kind: "quiet drop" })}</td>
    </tr>`;
  }

  private norm(row: number): string {
    const { answer, step } = this.slice;
    const at = answer?.steps.indexOf(step ?? Number.NaN) ?? -1;
    return short(answer && valuesOf(answer, row, answer.norm)?.[at]);
  }
}

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

/** The lines in each chart: those of compared tokens have the colors of the tokens. */
export interface Overlaid {
  readonly drift: readonly Line[];
  readonly norm: readonly Line[];
}

/**
 * Returns the lines of all compared tokens once they are loaded, or else of the inspected one, above
 * that of the token in the other run; null until there are any.
 */
export function tokenLines(state: State): Overlaid | null {
  const own = inspectedTrajectory(state);
  const row = inspectedRow(state);
  if (!own || row === null) return null;
  const labels = labelsOf(state);
  const several = overlaid(marked(comparedRows(state), labels), state.slots.trajectories.value);
  const [series, other] = [seriesOf(state), otherSeriesOf(state)];
  const there = trajectoryInReference(state);
  if (several || !series || !other || !there) {
    return several ?? linesOf(own, labels[row] ?? `#${row}`, null, "");
  }
  return linesOf(own, seriesName(series, other), there, seriesName(other, series));
}

/** Returns the curves of the token in both charts, each with that of the other run below it. */
const linesOf = memo(
  (own: Trajectory, name: string, there: Trajectory | null, others: string): Overlaid => {
    const linesIn = (of: "drift" | "norm", color: Line["color"]): Line[] => {
      const line = { label: name, values: own[of], color };
      if (!there) return [line];
      const values = valuesAt(own.steps, there.steps, there[of]);
      return [{ label: others, values, color: 2, mark: OTHERS_MARK, width: 4 }, line];
    };
    return { drift: linesIn("drift", 0), norm: linesIn("norm", 1) };
  },
);

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
