/** Shows histograms of drift: of all tokens, or of a group in front of them. */

import { html, nothing, type TemplateResult } from "lit";
import "../../charts/range_brush";
import type { MarkedRange } from "../../charts/range_brush";
import { histogram } from "../../charts/small_charts";
import { inRange, withCondition } from "../../filter/conditions";
import type { driftSummary } from "../../selectors/shared/drift_summary";
import { patchPassing, patchView } from "../../state/actions";
import type { State } from "../../state/state";
import { MEASURE_NAMES, type Named, spanOf, text } from "../../strings";
import { count, short } from "../../util/number_format";
import type { Act } from "../shared/state_element";

type Summary = NonNullable<ReturnType<typeof driftSummary>>;

export function allTokensDrift(summary: Summary, shown: Named | null, act: Act): TemplateResult {
  const { drift, median, p90, largest, unmoved, undefinedRows } = summary;
  const entry = (name: string, value: string, help = "") =>
    html`<div title=${help || nothing}><dt class="muted small">${name}</dt><dd>${value}</dd></div>`;
  return html`<section class="summary">
    <div class="heading spread"><h3>${text.allTokens(spanOf(drift, shown))}</h3></div>
    <p class="muted">${text.sizeOf(MEASURE_NAMES[drift.measure], drift.measure === "norm_change")}</p>
    ${distribution(summary, act)}
    <dl>
      ${entry(text.medianDrift, short(median))} ${entry(text.mostBelow, short(p90))}
      ${entry(text.largestDrift, short(largest))} ${entry(text.unmoved, count(unmoved))}
      ${undefinedRows ? entry(text.undefinedDrift, count(undefinedRows), text.undefinedDriftHelp) : nothing}
    </dl>
  </section>`;
}

/**
 * Returns a histogram of all tokens, or of a group in front of them; the tokens of a range that is
 * marked in it are those that the table lists.
 */
export function distribution(
  { drift, bins, median, largest }: Summary,
  act: Act,
  group: Pick<Summary, "bins" | "median"> | null = null,
): TemplateResult | typeof nothing {
  if (median === undefined || largest === undefined) return nothing;
  const pick = ({ detail: range }: CustomEvent<MarkedRange | null>) =>
    act(listRange(range, largest, drift.measure === "norm_change"));
  const mark = group ? (group.median ?? 0) : median;
  const named = group ? text.groupDistribution : text.distribution;
  const label = named(short(mark), short(largest));
  return html`<wordembed-range-brush title=${text.brushHelp} @range-pick=${pick}>
      ${histogram(group?.bins ?? bins, mark, largest, label, group ? bins : [])}
    </wordembed-range-brush>
    <div class="ends spread muted" aria-hidden="true"><span>0</span><span>${short(largest)}</span></div>`;
}

const listRange =
  (range: MarkedRange | null, largest: number, eitherWay: boolean) =>
  (state: State): State => {
    const [from, to] = range ?? [0, 1];
    const end = to < 1 ? to * largest : Number.POSITIVE_INFINITY;
    const condition = inRange("drift", from * largest, end, eitherWay);
    const filter = withCondition(state.view.filter, "drift", condition);
    return patchPassing({ panel: "table" })(patchView({ filter })(state));
  };
