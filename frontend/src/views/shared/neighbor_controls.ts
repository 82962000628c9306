/** Shows the controls for the number of neighbors and for the metric. */

import { html, type TemplateResult } from "lit";
import type { Metric } from "../../api/contract.gen";
import { patchView } from "../../state/actions";
import type { State } from "../../state/state";
import { METRIC_NAMES, text } from "../../strings";
import { dropdown } from "./controls";
import type { Act } from "./state_element";

const COUNTS = [5, 10, 20, 50];
const HELD_COUNT = 10;

type Choices = Pick<State["view"], "k" | "metric"> & Pick<State, "savedPage">;

export function neighborControls({ k, metric, savedPage }: Choices, act: Act): TemplateResult {
  const counts = [...new Set([...COUNTS, k])].sort((a, b) => a - b).map(String);
  // A page in a file holds ten neighbors by cosine. Longer options would not fit beside a heading.
  const lacks = (count: number, by: string) =>
    savedPage !== null && (count > HELD_COUNT || by !== "cosine");
  const labeled = (label: string) => ({ label, title: label });
  return html`<div class="neighborhood row muted">
    ${dropdown(
      counts.map((one) => [one, one, lacks(Number(one), "cosine")]),
      String(k),
      (value) => act(patchView({ k: Number(value) })),
      labeled(text.neighborCount),
    )}
    ${text.metric}
    ${dropdown(
      Object.entries(METRIC_NAMES).map(([by, name]) => [by, name, lacks(HELD_COUNT, by)]),
      metric,
      (value) => act(patchView({ metric: value as Metric })),
      labeled(text.neighborMetric),
    )}
  </div>`;
}
