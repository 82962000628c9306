/** Stands in for what a slot does not hold yet, or says that it could not be loaded. */

import { html, type TemplateResult } from "lit";
import type { Slot } from "../../state/slots";
import { text } from "../../strings";

export function placeholder({ failure }: Slot<unknown>): TemplateResult {
  return failure
    ? html`<p class="muted">${text.notLoaded}</p>`
    : html`<div class="skeleton" aria-label=${text.loading}></div>`;
}
