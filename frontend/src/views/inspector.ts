import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Metric, NeighborChange, Series, Trajectory } from "../api/contract.gen";
import { short } from "../format";
import type { Theme } from "../host/host";
import { goToStep, hover, patchView, select } from "../state/actions";
import {
  derivedReference,
  frequencyOf,
  inspectedRow,
  labelOf,
  labelPriority,
  labelsOf,
  minFrequencyOf,
  seriesOf,
  stepOf,
} from "../state/derived";
import type { State } from "../state/state";
import { text } from "../strings";
import { shared } from "../theme/styles";
import "../charts/chart";
import { StateElement } from "./element";
import { inspectorStyles } from "./inspector.css";
import "./neighbor_columns";

const MOST_DRIFTED = 12;

interface Slice {
  row: number | null;
  series: Series | null;
  labels: readonly string[];
  priority: Uint32Array | null;
  drift: Float32Array | null;
  frequency: readonly (number | null)[] | null;
  floor: number;
  trajectory: Trajectory | null;
  change: NeighborChange | null;
  step: number | null;
  reference: number | null;
  metric: Metric;
  theme: Theme;
  waiting: boolean;
}

/** One token: how it moved over the steps, and its neighbors then and now. */
@customElement("wordembed-inspector")
export class Inspector extends StateElement<Slice> {
  static override styles = [shared, inspectorStyles];

  protected select(state: State): Slice {
    const { slots, view, passing } = state;
    return {
      row: inspectedRow(state),
      series: seriesOf(state),
      labels: labelsOf(state),
      priority: labelPriority(state),
      drift: slots.drift.value?.values ?? null,
      frequency: frequencyOf(state),
      floor: minFrequencyOf(state),
      trajectory: slots.trajectory.value,
      change: slots.change.value,
      step: stepOf(state),
      reference: derivedReference(state),
      metric: view.metric,
      theme: passing.theme,
      waiting: slots.trajectory.pending !== null || slots.change.pending !== null,
    };
  }

  protected override render(): TemplateResult {
    const { row } = this.slice;
    return row === null ? this.invitation() : this.token(row);
  }

  private invitation(): TemplateResult {
    const { priority, drift, frequency, floor } = this.slice;
    const several = (this.slice.series?.steps.length ?? 0) > 1;
    const rows = [...(several && priority ? priority.subarray(0, MOST_DRIFTED) : [])].filter(
      (row) => (drift?.[row] ?? 0) > 0 && (!frequency || (frequency[row] ?? 0) >= floor),
    );
    return html`
      <p class="muted">${text.inspectorEmpty}</p>
      ${
        rows.length
          ? html`<h3>${text.mostDrifted}</h3>
              <ul class="movers">
                ${rows.map(
                  (row) => html`<li>
                    <button
                      class="quiet"
                      @click=${() => this.act(select(row))}
                      @mouseenter=${() => this.act(hover(row))}
                      @mouseleave=${() => this.act(hover(null))}
                    >
                      <span class="ellipsis">${labelOf(this.store.state, row)}</span>
                      <span class="muted">${short(drift?.[row])}</span>
                    </button>
                  </li>`,
                )}
              </ul>`
          : nothing
      }
    `;
  }

  private token(row: number): TemplateResult {
    const { labels, frequency, change, waiting } = this.slice;
    const times = frequency?.[row];
    return html`
      <header>
        <h2 class="ellipsis" title=${labels[row] ?? ""}>${labels[row] ?? `#${row}`}</h2>
        <span class="muted">
          ${text.rowNumber(row)}${typeof times === "number" ? ` · ${text.timesSeen(times)}` : ""}
        </span>
        <button class="quiet" aria-label=${text.close} title=${text.close} @click=${() => this.act(select(null))}>
          ×
        </button>
      </header>
      ${this.charts(row)}
      <section aria-busy=${waiting}>
        <div class="heading">
          <h3>${text.neighbors}</h3>
          <label class="muted">
            ${text.metric}
            <select @change=${this.onMetric}>
              ${this.metricOption("cosine", text.metricCosine)}
              ${this.metricOption("euclidean", text.metricEuclidean)}
            </select>
          </label>
        </div>
        ${
          change?.index === row
            ? html`<wordembed-neighbor-columns
                .change=${change}
                .from=${this.slice.reference}
                .to=${this.slice.step}
                @token-pick=${(event: CustomEvent<number>) => this.act(select(event.detail))}
                @token-hover=${(event: CustomEvent<number | null>) => this.act(hover(event.detail))}
              ></wordembed-neighbor-columns>`
            : html`<div class="skeleton" aria-label=${text.loading}></div>`
        }
      </section>
    `;
  }

  private charts(row: number): TemplateResult {
    const { trajectory, step, reference, theme } = this.slice;
    if (trajectory?.index !== row)
      return html`<div class="skeleton" aria-label=${text.loading}></div>`;
    const chart = (label: string, values: readonly (number | null)[], color: 0 | 1) => html`
      <section>
        <div class="heading">
          <h3>${label}</h3>
          <b>${short(values[trajectory.steps.indexOf(step ?? Number.NaN)])}</b>
        </div>
        <wordembed-chart
          .steps=${trajectory.steps}
          .lines=${linesOf(label, values, color)}
          .step=${step}
          .reference=${reference}
          .height=${84}
          .theme=${theme}
          .label=${`${label}: ${values.map((value) => short(value)).join(", ")}`}
          @step-pick=${(event: CustomEvent<number>) => this.act(goToStep(event.detail))}
        ></wordembed-chart>
      </section>
    `;
    return html`<div class="charts">
      ${chart(text.driftOverSteps, trajectory.drift, 0)}
      ${chart(text.normOverSteps, trajectory.norm, 1)}
    </div>`;
  }

  private metricOption(metric: Metric, label: string): TemplateResult {
    return html`<option value=${metric} ?selected=${metric === this.slice.metric}>${label}</option>`;
  }

  private onMetric(event: Event): void {
    this.act(patchView({ metric: (event.target as HTMLSelectElement).value as Metric }));
  }
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
