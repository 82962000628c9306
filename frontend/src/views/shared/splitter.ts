/** Makes a panel wider or narrower by its right edge. */

import { css, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { PageElement } from "./page_element";

const STEP_PX = 24;

/**
 * Dragged, or with the arrow keys. Fires `resize-panel` with a width in pixels, or with null for
 * the usual one.
 */
@customElement("wordembed-splitter")
export class Splitter extends PageElement {
  static override styles = css`
    :host {
      position: absolute;
      z-index: 5;
      top: 0;
      right: -4px;
      width: 7px;
      height: 100%;
    }
    div {
      width: 100%;
      height: 100%;
      cursor: col-resize;
      touch-action: none;
    }
    div:hover,
    div:focus-visible {
      background: linear-gradient(
        to right,
        transparent 2px,
        var(--accent) 2px 5px,
        transparent 5px
      );
    }
    div:focus-visible {
      outline: none;
    }
    @media (max-width: 760px) {
      :host {
        display: none;
      }
    }
  `;

  @property() label = "";
  @property({ type: Number }) width = 0;
  @property({ type: Number }) least = 0;
  @property({ type: Number }) most = 0;

  protected override render(): TemplateResult {
    return html`<div
      role="separator"
      tabindex="0"
      aria-orientation="vertical"
      aria-label=${this.label}
      title=${this.label}
      aria-valuenow=${Math.round(this.width)}
      aria-valuemin=${this.least}
      aria-valuemax=${this.most}
      @pointerdown=${this.onDown}
      @dblclick=${() => this.tell(null)}
      @keydown=${this.onKey}
    ></div>`;
  }

  private onDown(event: PointerEvent): void {
    const { currentTarget: edge, clientX: start, pointerId } = event;
    if (!(edge instanceof HTMLElement)) return;
    const { width } = this;
    edge.setPointerCapture(pointerId);
    const move = ({ clientX }: PointerEvent) => this.tell(width + clientX - start);
    edge.addEventListener("pointermove", move);
    const end = () => edge.removeEventListener("pointermove", move);
    edge.addEventListener("lostpointercapture", end, { once: true });
  }

  private onKey(event: KeyboardEvent): void {
    const to = {
      ArrowLeft: this.width - STEP_PX,
      ArrowRight: this.width + STEP_PX,
      Home: this.least,
      End: this.most,
    }[event.key];
    if (to === undefined) return;
    this.tell(to);
    event.preventDefault();
    event.stopPropagation();
  }

  private tell(width: number | null): void {
    const detail = width === null ? null : Math.min(Math.max(width, this.least), this.most);
    this.dispatchEvent(new CustomEvent("resize-panel", { detail, bubbles: true, composed: true }));
  }
}
