/** Shows a select with its options. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";

type Option = readonly [value: string, words: string, disabled?: boolean];

/** Returns a select with the chosen option selected; calls `choose` with a newly chosen value. */
export function dropdown(
  options: readonly Option[],
  chosen: string,
  choose: (value: string) => void,
  { label = "", title = "" } = {},
): TemplateResult {
  return html`<select
    aria-label=${label || nothing}
    title=${title || nothing}
    ?disabled=${!options.length}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
  >
    ${options.map(
      ([value, words, disabled = false]) =>
        html`<option value=${value} ?disabled=${disabled} .selected=${live(value === chosen)}>${words}</option>`,
    )}
  </select>`;
}
