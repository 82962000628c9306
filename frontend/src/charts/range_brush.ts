/** Lets the user mark a range of a chart by dragging. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";

/** A range as shares of the width, from 0 to 1. */
export type MarkedRange = readonly [from: number, to: number];

/** A shorter way of the pointer is a click, in CSS pixels. */
const CLICK_PX = 3;

/** Dispatches `range-pick` with the range once it is marked; with null for a click. */
@customElement("wordembed-range-brush")
export class RangeBrush extends LitElement {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      cursor: crosshair;
      touch-action: pan-y;
    }
    .range {
      position: absolute;
      inset-block: 0;
      border: solid var(--accent);
      border-width: 0 1px;
      background: color-mix(in srgb, var(--accent) 20%, transparent);
      pointer-events: none;
    }
  `;

  @state() private range: MarkedRange | null = null;
  private start: number | null = null;

  constructor() {
    super();
    this.addEventListener("pointerdown", this.onDown);
    this.addEventListener("pointermove", this.onMove);
    this.addEventListener("pointerup", this.onUp);
    this.addEventListener("pointercancel", this.end);
  }

  protected override render(): TemplateResult {
    const [from, to] = this.range ?? [0, 0];
    const place = `left: ${100 * from}%; width: ${100 * (to - from)}%`;
    return html`<slot></slot>${this.range ? html`<div class="range" style=${place}></div>` : nothing}`;
  }

  private readonly onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    this.setPointerCapture(event.pointerId);
    this.start = event.clientX;
  };

  private readonly onMove = (event: PointerEvent): void => {
    if (this.start === null) return;
    const { left, width } = this.getBoundingClientRect();
    const share = (x: number) => Math.min(Math.max((x - left) / (width || 1), 0), 1);
    const [one, other] = [share(this.start), share(event.clientX)];
    const isClick = Math.abs(event.clientX - this.start) < CLICK_PX;
    this.range = isClick ? null : [Math.min(one, other), Math.max(one, other)];
  };

  private readonly onUp = (event: PointerEvent): void => {
    if (this.start === null) return;
    this.onMove(event);
    const detail = this.range;
    this.end();
    this.dispatchEvent(new CustomEvent<MarkedRange | null>("range-pick", { detail }));
  };

  private readonly end = (): void => {
    this.start = null;
    this.range = null;
  };
}
