/** Shows a token as a button, and what stands in the place of an answer about it. */

import { html, type TemplateResult } from "lit";
import { hover, select } from "../../state/actions";
import type { Slot } from "../../state/slots";
import { text } from "../../strings";
import type { Act } from "../shared/state_element";

interface TokenButton {
  readonly kind: string;
  readonly title: string;
  readonly disabled?: boolean;
}

/** Shows a button that selects a row, and marks the row everywhere while the pointer is on it. */
export function tokenButton(
  row: number,
  { kind, title, disabled = false }: TokenButton,
  content: TemplateResult | string,
  act: Act,
): TemplateResult {
  return html`<button
    class="quiet ${kind}"
    title=${title}
    ?disabled=${disabled}
    @click=${() => act(select(row))}
    @mouseenter=${() => act(hover(row))}
    @mouseleave=${() => act(hover(null))}
  >
    ${content}
  </button>`;
}

/** Says that an answer is being loaded or could not be loaded. */
export function placeholder({ failure }: Slot<unknown>): TemplateResult {
  return failure
    ? html`<p class="muted">${text.notLoaded}</p>`
    : html`<div class="skeleton" aria-label=${text.loading}></div>`;
}
