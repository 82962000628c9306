/** Shows the severity and the sentence of a finding. */

import { css, html, type TemplateResult } from "lit";
import type { Finding, Severity } from "../../api/contract.gen";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";

/** The sign of each severity; the shapes differ, so that nothing is shown by color alone. */
const MARKS: Readonly<Record<Severity, string>> = { warning: "▲", notice: "●", info: "○" };

export function severityMark(severity: Severity): TemplateResult {
  const named = text.severity[severity];
  return html`<i class="mark ${severity}" title=${named} aria-hidden="true">${MARKS[severity]}</i>`;
}

export function findingMark({ severity, sentence }: Finding): TemplateResult {
  const named = text.severity[severity];
  return html`${severityMark(severity)}
    <span class="sentence"><span class="visually-hidden">${named}: </span
      ><span class="token">${cleanLabel(sentence)}</span></span>`;
}

export const findingMarkStyles = css`
  .mark {
    color: var(--muted);
    font-size: var(--tiny);
    font-style: normal;
    text-align: center;
  }
  .mark.warning {
    color: var(--warning);
  }
`;
