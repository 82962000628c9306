/** Shows one token: how it moved over the steps, and its neighbors then and now. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import "../../charts/chart";
import "./neighbors_side_by_side";
import "./compared_tokens";
import "./neighbor_columns";
import "../shared/neighbor_controls";
import "./token_motion";
import type { Line } from "../../charts/line";
import { areNeighborsWaiting } from "../../selectors/compared_neighbors";
import { comparedRows } from "../../selectors/compared_tokens";
import { driftSummary } from "../../selectors/drift_summary";
import { labelsOf } from "../../selectors/labels";
import { goToStep, hover, hoverChart, inspect, select } from "../../state/actions";
import { columnsKey, inspectedRow, referenceOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { MEASURE_NAMES, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { count, short } from "../../util/number_format";
import { NONE, StateElement } from "../shared/state_element";
import { allTokensDrift } from "./all_tokens_drift";
import { comparedTokens, neighborsOfOthers, overlaid } from "./compared_lines";
import { inspectorStyles } from "./inspector.css";

function sliceOf(state: State) {
  const { slots, view, passing } = state;
  return {
    row: inspectedRow(state),
    labels: labelsOf(state),
    columns: state.columns.of === columnsKey(state) ? state.columns.values : NONE,
    summary: driftSummary(state),
    trajectory: slots.trajectory.value,
    compared: comparedTokens(
      comparedRows(state),
      labelsOf(state),
      slots.compared.value,
      stepOf(state),
    ),
    /** Drift and norm of the compared tokens over the steps; null with one, or before they are there. */
    overlaid: overlaid(comparedRows(state), labelsOf(state), slots.compared.value),
    selected: view.selection.length,
    motion: slots.motion.value,
    motionWaiting: slots.motion.pending !== null,
    motionStale: slots.motion.failure !== null,
    change: slots.change.value,
    /** The neighbors of the tokens beside the inspected one. */
    otherNeighbors: neighborsOfOthers(
      comparedRows(state),
      inspectedRow(state),
      labelsOf(state),
      state.comparedNeighbors,
    ),
    neighborsFailure: state.comparedNeighbors.failure,
    areNeighborsWaiting: areNeighborsWaiting(state),
    step: stepOf(state),
    reference: referenceOf(state),
    hovered: passing.hoverStep,
    theme: passing.theme,
    waiting: slots.change.pending !== null,
    stale: slots.change.failure !== null,
  };
}

@customElement("wordembed-inspector")
export class Inspector extends StateElement(sliceOf) {
  static override styles = inspectorStyles;

  protected override render(): TemplateResult {
    const { row } = this.slice;
    return row === null ? this.invitation() : this.token(row);
  }

  private invitation(): TemplateResult {
    const { summary } = this.slice;
    return html`<p class="muted">${text.inspectorEmpty}</p>
      ${summary ? allTokensDrift(summary) : nothing}`;
  }

  private token(row: number): TemplateResult {
    const { labels, change, waiting, stale } = this.slice;
    const label = cleanLabel(labels[row] ?? `#${row}`);
    return html`
      <div class="head">
        <h2 class="token ellipsis" title=${label}>${label}</h2>
        <span class="muted">${text.rowNumber(row)}</span>
        <button class="quiet" aria-label=${text.close} title=${text.close} @click=${() => this.act(select(null))}>
          ×
        </button>
      </div>
      ${this.columns(row)}
      ${this.comparison()}
      ${this.charts(row)}
      ${this.motion(row)}
      <section class="dims" aria-busy=${waiting} ?data-stale=${stale}>
        <div class="heading spread">
          <h3 class="ellipsis">${this.slice.otherNeighbors.length ? text.neighborsOf(label) : text.neighbors}</h3>
          <wordembed-neighborhood .store=${this.store}></wordembed-neighborhood>
        </div>
        ${
          change?.index === row
            ? html`<wordembed-neighbor-columns
                .change=${change}
                @token-pick=${this.onPick}
                @token-hover=${this.onHover}
              ></wordembed-neighbor-columns>`
            : html`<div class="skeleton" aria-label=${text.loading}></div>`
        }
      </section>
      ${this.otherNeighbors()}
    `;
  }

  /** The neighbors of the other compared tokens, in short. */
  private otherNeighbors(): TemplateResult | typeof nothing {
    const { otherNeighbors, neighborsFailure, areNeighborsWaiting } = this.slice;
    if (!otherNeighbors.length) return nothing;
    return html`<section class="dims" aria-busy=${areNeighborsWaiting}>
      <h3>${text.otherNeighbors}</h3>
      ${neighborsFailure ? html`<p class="problem" role="alert">${text.failed(text.otherNeighbors)}: ${neighborsFailure.message}</p>` : nothing}
      <wordembed-neighbors-side-by-side
        .tokens=${otherNeighbors}
        @token-pick=${this.onPick}
        @token-inspect=${(event: CustomEvent<number>) => this.act(inspect(event.detail))}
        @token-hover=${this.onHover}
      ></wordembed-neighbors-side-by-side>
    </section>`;
  }

  /** What was logged about the token, beside its vector. */
  private columns(row: number): TemplateResult | typeof nothing {
    const { columns } = this.slice;
    if (!columns.length) return nothing;
    return html`<dl aria-label=${text.columns}>
      ${columns.map(({ column, numbers, texts }) => {
        const name = cleanLabel(column);
        const value = texts ? cleanLabel(texts[row] ?? "") : numeral(numbers?.[row]);
        return html`<div><dt class="token ellipsis" title=${name}>${name}</dt>
          <dd class="token" title=${value}>${value}</dd></div>`;
      })}
    </dl>`;
  }

  private comparison(): TemplateResult | typeof nothing {
    const { compared, row, selected, trajectory } = this.slice;
    if (compared.length < 2) return nothing;
    return html`<section>
      <wordembed-compared-tokens
        .tokens=${compared}
        .inspected=${row}
        .others=${selected - compared.length}
        .measure=${trajectory ? MEASURE_NAMES[trajectory.measure] : ""}
        @token-pick=${(event: CustomEvent<number>) => this.act(inspect(event.detail))}
        @token-drop=${(event: CustomEvent<number>) => this.act(select(event.detail, true))}
        @token-hover=${this.onHover}
      ></wordembed-compared-tokens>
    </section>`;
  }

  private charts(row: number): TemplateResult {
    const { trajectory, overlaid } = this.slice;
    if (trajectory?.index !== row) {
      return html`<div class="skeleton" aria-label=${text.loading}></div>`;
    }
    const { measure, drift, norm } = trajectory;
    const name = MEASURE_NAMES[measure];
    return html`<div class="charts">
      ${this.chart(name, drift, overlaid?.drift ?? linesOf(name, drift, 0))}
      ${this.chart(text.normOverSteps, norm, overlaid?.norm ?? linesOf(text.normOverSteps, norm, 1))}
    </div>`;
  }

  private chart(
    label: string,
    values: readonly (number | null)[],
    lines: readonly Line[],
  ): TemplateResult {
    const { trajectory, step, reference, hovered, theme } = this.slice;
    const steps = trajectory?.steps ?? [];
    return html`<section>
      <div class="heading spread">
        <h3 class="ellipsis" title=${label}>${label}</h3>
        <b>${short(values[steps.indexOf(hovered ?? step ?? Number.NaN)])}</b>
      </div>
      <wordembed-chart
        .steps=${steps}
        .lines=${lines}
        .step=${step}
        .reference=${reference}
        .hovered=${hovered}
        .height=${lines.length > 1 ? 112 : 84}
        .theme=${theme}
        .label=${`${label}: ${lines.map((line) => said(line, lines.length > 1)).join("; ")}`}
        @step-pick=${(event: CustomEvent<number>) => this.act(goToStep(event.detail))}
        @step-hover=${(event: CustomEvent<number | null>) => this.act(hoverChart(event.detail))}
      ></wordembed-chart>
    </section>`;
  }

  /** Nothing where the token and the steps leave nothing to explain. */
  private motion(row: number): TemplateResult | typeof nothing {
    const { motion, motionWaiting, motionStale } = this.slice;
    if (motion?.index !== row) return nothing;
    return html`<section class="dims" aria-busy=${motionWaiting} ?data-stale=${motionStale}>
      <wordembed-token-motion
        .motion=${motion}
        @token-pick=${this.onPick}
        @token-hover=${this.onHover}
      ></wordembed-token-motion>
    </section>`;
  }

  private onPick(event: CustomEvent<number>): void {
    this.act(select(event.detail));
  }

  private onHover(event: CustomEvent<number | null>): void {
    this.act(hover(event.detail));
  }
}

/** Whole numbers in full, others in few digits. */
function numeral(value: number | null | undefined): string {
  return typeof value === "number" && Number.isInteger(value) ? count(value) : short(value);
}

const lineCache = new WeakMap<
  object,
  { label: string; values: readonly (number | null)[]; color: 0 | 1 }[]
>();

/** The same lines for the same values, so that a chart is not built anew for nothing. */
function linesOf(label: string, values: readonly (number | null)[], color: 0 | 1) {
  const kept = lineCache.get(values) ?? [{ label, values, color }];
  lineCache.set(values, kept);
  return kept;
}

/** A line for those who don't see it. */
function said({ label, values }: Line, named: boolean): string {
  const numbers = values.map((value) => short(value)).join(", ");
  return named ? `${cleanLabel(label)} ${numbers}` : numbers;
}
