/** Shows, in place of an answer, that it is being loaded or could not be loaded. */

import { html, type TemplateResult } from "lit";
import type { Slot } from "../../state/slots";
import { text } from "../../strings";

export function placeholder({ failure }: Slot<unknown>): TemplateResult {
  return failure
    ? html`<p class="muted">${text.notLoaded}</p>`
    : html`<div class="skeleton" aria-label=${text.loading}></div>`;
}
