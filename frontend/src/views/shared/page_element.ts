/** Defines the base of all elements of the page. */

import { type CSSResultGroup, type CSSResultOrNative, LitElement } from "lit";
import { controlStyles } from "../../theme/control_styles";
import { partStyles } from "../../theme/part_styles";

/** An element with the styles of the page, which its own styles can override. */
export abstract class PageElement extends LitElement {
  protected static override finalizeStyles(own?: CSSResultGroup): CSSResultOrNative[] {
    return [controlStyles, partStyles, ...LitElement.finalizeStyles(own)];
  }
}
