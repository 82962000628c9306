/** Shows a button with a sign, and its name to those who point at it or read by ear. */

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
