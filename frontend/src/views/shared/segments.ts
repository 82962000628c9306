/** Shows buttons side by side of which one is pressed. */

import { html, nothing, type TemplateResult } from "lit";

type Option<T> = readonly [value: T, words: string, title?: string, disabled?: boolean];

/** Returns the buttons with the chosen one pressed; calls `choose` with a newly chosen value. */
export function segments<T>(
  options: readonly Option<T>[],
  chosen: T,
  choose: (value: T) => void,
  label = "",
): TemplateResult {
  const button = ([value, words, title = "", disabled = false]: Option<T>) => html`<button
    type="button"
    aria-pressed=${value === chosen}
    title=${title || nothing}
    ?disabled=${disabled}
    @click=${() => choose(value)}
  >
    ${words}
  </button>`;
  return html`<div class="segments" role=${label ? "group" : nothing} aria-label=${label || nothing}>
    ${options.map(button)}
  </div>`;
}
