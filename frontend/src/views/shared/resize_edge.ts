/** Shows an edge that changes a size when it is dragged or moved with keys. */

import { html, type TemplateResult } from "lit";

/** The width or height that an edge changes; numbers in CSS pixels. */
export interface EdgeSize {
  /** What is resized: a column or the table, by its right edge, or Health, by its top edge. */
  readonly kind: "column" | "table" | "health";
  readonly label: string;
  readonly title: string;
  readonly size: number;
  readonly least: number;
  readonly most: number;
  /** The distance that an arrow key moves the edge, in CSS pixels. */
  readonly step: number;
  /** Sets the size; null restores the default. */
  resize(size: number | null): void;
}

export function edge(edge: EdgeSize): TemplateResult {
  return html`<span
    class="edge ${edge.kind}"
    role="separator"
    tabindex="0"
    aria-orientation=${isTop(edge) ? "horizontal" : "vertical"}
    aria-label=${edge.label}
    title=${edge.title}
    aria-valuenow=${Math.round(edge.size)}
    aria-valuemin=${edge.least}
    aria-valuemax=${edge.most}
    @pointerdown=${(event: PointerEvent) => drag(event, edge)}
    @dblclick=${() => edge.resize(null)}
    @keydown=${(event: KeyboardEvent) => resizeByKey(event, edge)}
  ></span>`;
}

function isTop({ kind }: EdgeSize): boolean {
  return kind === "health";
}

function drag(event: PointerEvent, edge: EdgeSize): void {
  const { currentTarget: target, pointerId } = event;
  if (!(target instanceof HTMLElement)) return;
  target.setPointerCapture(pointerId);
  const place = ({ clientX, clientY }: PointerEvent) => (isTop(edge) ? -clientY : clientX);
  const start = edge.size - place(event);
  const move = (now: PointerEvent) => resize(edge, start + place(now));
  target.addEventListener("pointermove", move);
  const end = () => target.removeEventListener("pointermove", move);
  target.addEventListener("lostpointercapture", end, { once: true });
}

function resizeByKey(event: KeyboardEvent, edge: EdgeSize): void {
  const { size, least, most, step } = edge;
  const [less, more] = isTop(edge) ? ["ArrowDown", "ArrowUp"] : ["ArrowLeft", "ArrowRight"];
  const sizes: Readonly<Record<string, number>> = {
    [less]: size - step,
    [more]: size + step,
    Home: least,
    End: most,
  };
  const to = sizes[event.key];
  if (event.key === "Enter") edge.resize(null);
  else if (to !== undefined) resize(edge, to);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function resize({ least, most, resize }: EdgeSize, size: number): void {
  resize(Math.min(Math.max(size, least), most));
}

/** Returns the share of the window that a size takes, so that a link fits other screens; four digits lose no pixel. */
export function shareOf(size: number, windowSize: number): number {
  const share = Math.min(Math.max(size / windowSize, 0.0001), 0.9999);
  return Number(share.toFixed(4));
}
