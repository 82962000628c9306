/** Shows a button with a sign; its name is a tooltip, and is read out by screen readers. */

import { html, type TemplateResult } from "lit";

export function signButton(
  sign: TemplateResult | string,
  name: string,
  click: () => void,
  { kind = "", disabled = false } = {},
): TemplateResult {
  return html`<button class="quiet ${kind}" aria-label=${name} title=${name} ?disabled=${disabled} @click=${click}>
    ${sign}
  </button>`;
}
