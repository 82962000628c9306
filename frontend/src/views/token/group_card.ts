/** Shows the selected tokens as a group, beside all tokens. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import "./compared_tokens";
import type { GroupTrajectories, Health } from "../../api/contract.gen";
import type { Line } from "../../charts/line_plot";
import { lineMark } from "../../charts/small_charts";
import { driftFromFirst, healthOf } from "../../selectors/health/health_values";
import { driftSummary } from "../../selectors/shared/drift_summary";
import { referenceIn } from "../../selectors/shared/tokens_in_reference";
import {
  type Group,
  groupAt,
  type Quantiles,
  selectedBins,
  selectedName,
} from "../../selectors/table/groups";
import { select } from "../../state/actions";
import { comparisonOf, curveStartOf, seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { MEASURE_HEADS, stepName, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";
import { percent, short } from "../../util/number_format";
import { within } from "../../util/row_lists";
import { signButton } from "../shared/controls";
import { StateElement } from "../shared/state_element";
import { distribution } from "./all_tokens_drift";
import { inspectorStyles } from "./inspector.css";
import { chartSection, placeholder } from "./token_parts";

function sliceOf(state: State) {
  const { slots, view, passing } = state;
  const summary = driftSummary(state);
  const { steps = [], shown_rows = 0 } = seriesOf(state) ?? {};
  return {
    name: selectedName(state),
    tokens: within(view.selection, shown_rows).length,
    group: slots.selectedGroup,
    /** Groups are measured by drift. */
    isMeasured: comparisonOf(state) !== "neighbors",
    all: slots.allTokens.value,
    path: slots.selectedPath,
    summary,
    bins: selectedBins(state),
    /** Health knows the median token under the default measure and from the first step. */
    health: view.measure === "cosine" && curveStartOf(state) === steps[0] ? healthOf(state) : null,
    measure: view.measure,
    step: stepOf(state),
    series: seriesOf(state),
    hovered: passing.hoverStep,
  };
}

@customElement("wordembed-group-card")
export class GroupCard extends StateElement(sliceOf) {
  static override styles = [
    inspectorStyles,
    css`
      :host {
        overflow: visible;
        padding: 0 0 4px;
        margin-bottom: 8px;
        border-bottom: 1px solid var(--line);
      }
      table {
        white-space: nowrap;
      }
      tr {
        height: 20px;
      }
      td:last-child {
        color: var(--muted);
      }
    `,
  ];

  protected override render(): TemplateResult {
    const { name, tokens, group, summary, bins, isMeasured } = this.slice;
    const title = name === null ? text.selectedOf(tokens) : cleanLabel(name);
    const value = group.value?.counts.length ? groupAt(group.value, 0) : null;
    return html`<div class="head">
        <h2 class="token ellipsis" title=${title}>${title}</h2>
        ${name === null ? nothing : html`<span class="muted">${text.tokensSelected(tokens)}</span>`}
        ${signButton("×", text.close, () => this.act(select(null)))}
      </div>
      ${summary && bins ? distribution(summary, this.act, { bins, median: Math.abs(value?.drift[1] ?? 0) }) : nothing}
      <div class="dims" aria-busy=${group.pending !== null} ?data-stale=${group.failure !== null}>
        ${value ? this.measures(value) : nothing} ${value || !isMeasured ? nothing : placeholder(group)}
      </div>
      ${this.path()}
      <section>
        <wordembed-compared-tokens .store=${this.store}></wordembed-compared-tokens>
      </section>`;
  }

  private measures(group: Omit<Group, "name" | "curve">): TemplateResult {
    const { all, summary, measure } = this.slice;
    const everyone = all?.counts.length ? groupAt(all, 0) : null;
    const line = (label: string, of: (one: typeof group) => string) => html`<tr>
      <th scope="row">${label}</th>
      <td>${of(group)}</td>
      <td>${everyone ? of(everyone) : ""}</td>
    </tr>`;
    const quantiles = (label: string, of: (one: typeof group) => Quantiles) =>
      html`${line(label, (one) => short(of(one)[1]))}
      ${line(text.drift1090, (one) => text.range(short(of(one)[0], 2), short(of(one)[2], 2)))}`;
    return html`<table class="numbers">
      <thead>
        <tr>
          <th><span class="visually-hidden">${text.measure}</span></th>
          <th scope="col">${text.group}</th>
          <th scope="col">${text.everyToken}</th>
        </tr>
      </thead>
      <tbody>
        ${summary ? quantiles(MEASURE_HEADS[measure], ({ drift }) => drift) : nothing}
        ${quantiles(text.normOverSteps, ({ norm }) => norm)}
        ${
          summary
            ? html`${line(text.centroid, ({ centroidDrift }) => short(centroidDrift))}
              ${line(text.spread, (one) => text.fromTo(short(one.spreadBefore), short(one.spreadAfter)))}
              ${line(text.unchanged, ({ unchanged }) => percent(unchanged))}`
            : line(text.spread, ({ spreadAfter }) => short(spreadAfter))
        }
      </tbody>
    </table>`;
  }

  /** Returns the way of the group's mean and of its median token through the steps. */
  private path(): TemplateResult | typeof nothing {
    const { health, series, step, hovered } = this.slice;
    const { value: path, pending, failure } = this.slice.path;
    if (!path || path.steps.length < 2 || !path.drift.length) return nothing;
    const lines = linesOf(path, health);
    const at = path.steps.indexOf(hovered ?? step ?? Number.NaN);
    const from = referenceIn(path);
    const title = from
      ? text.centroidPathFrom(stepName(path.reference_step, from, series))
      : text.centroidPath;
    const legend = html`<div class="runs muted small" aria-hidden="true">
      ${lines.map((line) => html`<span>${lineMark(line)}${line.label}</span>`)}
    </div>`;
    const head = { label: title };
    const value = path.centroid_drift[at];
    return html`<div class="dims" aria-busy=${pending !== null} ?data-stale=${failure !== null}>
      ${chartSection(this.store, head, value, path.steps, lines, legend)}
    </div>`;
  }
}

const linesOf = memo((path: GroupTrajectories, health: Health | null): readonly Line[] => {
  const listed = (values: Float32Array) =>
    Array.from(values, (value) => (Number.isFinite(value) ? value : null));
  const ofAll = health && health.steps.length === path.steps.length && driftFromFirst(health).p50;
  return [
    ...(ofAll ? [{ label: text.everyToken, values: ofAll, color: 2 as const, dashed: true }] : []),
    { label: text.medianOverSteps, values: listed(path.drift), color: 1 },
    { label: text.centroid, values: listed(path.centroid_drift), color: 0 },
  ];
});
