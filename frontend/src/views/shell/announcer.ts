/** Announces to screen readers what a key or a click changed elsewhere on the page. */

import { css, html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { StateElement } from "../shared/state_element";
import { type AnnouncedState, announcedStateOf, announcement } from "./announcements";

/** The pause after which changes are announced together, in milliseconds. */
const QUIET_MS = 400;

/** Returns whether a slider in the element's page has the focus. */
function hasSlider(element: Element): boolean {
  let root: Node | null | undefined = element.getRootNode();
  let focused: Element | null = null;
  while (root instanceof Document || root instanceof ShadowRoot) {
    focused = root.activeElement;
    root = focused?.shadowRoot;
  }
  return focused?.role === "slider";
}

@customElement("wordembed-announcer")
export class Announcer extends StateElement(announcedStateOf) {
  static override styles = css`
    :host {
      display: contents;
    }
  `;

  @state() private said = "";
  private told: AnnouncedState | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override render(): TemplateResult {
    return html`<p class="visually-hidden" role="status">${this.said}</p>`;
  }

  protected override sync(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), QUIET_MS);
  }

  private tell(): void {
    const { told, slice } = this;
    // The first state is not announced; the count of the table stays while it is being ranked.
    this.told = { ...slice, listed: slice.listed ?? told?.listed ?? null };
    const words = told ? announcement(told, slice, hasSlider(this)) : "";
    if (words) this.said = words;
  }
}
