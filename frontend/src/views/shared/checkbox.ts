/** Shows a checkbox with its words. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

/** Returns a checkbox; a click on it or on its words calls `toggle`. */
export function checkbox(
  words: TemplateResult | string,
  checked: boolean,
  toggle: () => void,
  { title = "", disabled = false } = {},
): TemplateResult {
  return html`<label title=${title || nothing}>
    <input type="checkbox" ?disabled=${disabled} .checked=${live(checked)} @change=${toggle} />
    ${words}
  </label>`;
}
