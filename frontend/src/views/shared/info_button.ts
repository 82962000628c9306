/** Shows an ⓘ that opens an explanation when it is clicked, focused or pointed at. */

import { html, type TemplateResult } from "lit";

/** Returns the ⓘ and its explanation; part_styles.ts opens and places it. */
export function about(name: string, explanation: TemplateResult): TemplateResult {
  return html`<span class="about" @keydown=${closeOnEscape}>
    <button class="quiet" aria-label=${name} aria-describedby="about" @click=${takeFocus}><i aria-hidden="true">i</i></button>
    <div class="popup" id="about" role="tooltip">${explanation}</div>
  </span>`;
}

/** Gives a clicked button the focus, which not every browser does. */
function takeFocus({ currentTarget }: Event): void {
  (currentTarget as HTMLElement).focus();
}

function closeOnEscape(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  (event.target as HTMLElement).blur();
  event.preventDefault();
}
