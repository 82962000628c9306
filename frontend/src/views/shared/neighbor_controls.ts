/** Shows the controls for the number of neighbors and for the metric. */

import { css, html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Metric } from "../../api/contract.gen";
import { patchView } from "../../state/actions";
import type { State } from "../../state/state";
import { METRIC_NAMES, text } from "../../strings";
import { dropdown } from "./controls";
import { StateElement } from "./state_element";

const COUNTS = [5, 10, 20, 50];
const HELD_COUNT = 10;

function sliceOf({ view, savedPage }: State) {
  return { k: view.k, metric: view.metric, savedPage };
}

/** The controls of the token panel and of the columns about neighbors. */
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
    }
  `;

  protected override render(): TemplateResult {
    const { k, metric, savedPage } = this.slice;
    const counts = [...new Set([...COUNTS, k])].sort((a, b) => a - b).map(String);
    // A page in a file holds ten neighbors by cosine. Longer options would not fit beside a heading.
    const lacks = (count: number, by: string) =>
      savedPage !== null && (count > HELD_COUNT || by !== "cosine");
    const labeled = (label: string) => ({ label, title: label });
    return html`${dropdown(
      counts.map((one) => [one, one, lacks(Number(one), "cosine")]),
      String(k),
      (value) => this.act(patchView({ k: Number(value) })),
      labeled(text.neighborCount),
    )}
    ${text.metric}
    ${dropdown(
      Object.entries(METRIC_NAMES).map(([by, name]) => [by, name, lacks(HELD_COUNT, by)]),
      metric,
      (value) => this.act(patchView({ metric: value as Metric })),
      labeled(text.neighborMetric),
    )}`;
  }
}
