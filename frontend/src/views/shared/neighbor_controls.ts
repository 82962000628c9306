/** Shows the choice of how many neighbors, and nearest by which metric. */

import { css, html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import type { Metric } from "../../api/contract.gen";
import { patchView } from "../../state/actions";
import type { State } from "../../state/state";
import { METRIC_NAMES, text } from "../../strings";
import { StateElement } from "./state_element";

const COUNTS = [5, 10, 20, 50];

function sliceOf({ view }: State) {
  return { k: view.k, metric: view.metric };
}

/** For the token, and for the columns about neighbors. */
@customElement("wordembed-neighborhood")
export class NeighborControls extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: flex;
      align-items: center;
      gap: 4px;
      color: var(--muted);
    }
    select {
      height: 24px;
      padding: 0 4px;
      color: var(--text);
    }
  `;

  protected override render(): TemplateResult {
    const { k, metric } = this.slice;
    const counts = [...new Set([...COUNTS, k])].sort((a, b) => a - b);
    const metrics = Object.entries(METRIC_NAMES);
    return html`
      <select
        aria-label=${text.neighborCount}
        title=${text.neighborCount}
        @change=${(event: Event) => this.act(patchView({ k: Number(valueIn(event)) }))}
      >
        ${counts.map((one) => option(String(one), String(one), one === k))}
      </select>
      ${text.metric}
      <select
        aria-label=${text.neighborMetric}
        title=${text.neighborMetric}
        @change=${(event: Event) => this.act(patchView({ metric: valueIn(event) as Metric }))}
      >
        ${metrics.map(([name, label]) => option(name, label, name === metric))}
      </select>
    `;
  }
}

function option(value: string, label: string, selected: boolean): TemplateResult {
  return html`<option value=${value} .selected=${live(selected)}>${label}</option>`;
}

function valueIn(event: Event): string {
  return (event.target as HTMLSelectElement).value;
}
