/** Shows an image of a row. */

import { html, type TemplateResult } from "lit";
import { keyed } from "lit/directives/keyed.js";
import type { RowImage } from "../../selectors/shared/row_images";
import { cleanLabel } from "../../util/label_text";

/** Returns an image, which goes away where there is none or the browser can't show it. */
export function thumbnail({ name, address }: RowImage): TemplateResult {
  const label = cleanLabel(name);
  const image = html`<img src=${address} alt=${label} title=${label} decoding="async" @error=${hide} />`;
  return html`${keyed(address, image)}`;
}

function hide({ target }: Event): void {
  if (target instanceof HTMLElement) target.hidden = true;
}
