/** Shows a histogram of the drift of all tokens. */

import { html, nothing, type TemplateResult } from "lit";
import { histogram } from "../../charts/histogram";
import type { driftSummary } from "../../selectors/drift_summary";
import { MEASURE_NAMES, text } from "../../strings";
import { count, short, stepText } from "../../util/number_format";

type Summary = NonNullable<ReturnType<typeof driftSummary>>;

export function allTokensDrift(summary: Summary): TemplateResult {
  const { drift, median, p90, largest, unmoved, undefinedRows } = summary;
  const entry = (name: string, value: string, help = "") =>
    html`<div title=${help || nothing}><dt>${name}</dt><dd>${value}</dd></div>`;
  return html`<section class="summary">
    <div class="heading spread"><h3>${text.allTokens(stepText(drift.from_step), stepText(drift.to_step))}</h3></div>
    <p class="muted">${text.sizeOf(MEASURE_NAMES[drift.measure], drift.measure === "norm_change")}</p>
    ${distribution(summary)}
    <dl>
      ${entry(text.medianDrift, short(median))} ${entry(text.mostBelow, short(p90))}
      ${entry(text.largestDrift, short(largest))} ${entry(text.unmoved, count(unmoved))}
      ${undefinedRows ? entry(text.undefinedDrift, count(undefinedRows), text.undefinedDriftHelp) : nothing}
    </dl>
  </section>`;
}

function distribution({ bins, median, largest }: Summary): TemplateResult | typeof nothing {
  if (median === undefined || largest === undefined) return nothing;
  const label = text.distribution(short(median), short(largest));
  return html`${histogram(bins, median, largest, label)}
    <div class="ends spread muted" aria-hidden="true"><span>0</span><span>${short(largest)}</span></div>`;
}
