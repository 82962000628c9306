/** Defines the base of all elements of the page. */

import { type CSSResultGroup, type CSSResultOrNative, LitElement } from "lit";
import { shared } from "../../theme/shared_styles";

/** An element with the shared styles, which its own styles can override. */
export abstract class PageElement extends LitElement {
  protected static override finalizeStyles(own?: CSSResultGroup): CSSResultOrNative[] {
    return [shared, ...LitElement.finalizeStyles(own)];
  }
}
