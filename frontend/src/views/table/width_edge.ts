/** Shows an edge that changes a width when it is dragged or moved with keys. */

import { html, type TemplateResult } from "lit";

/** The width that an edge changes; numbers in CSS pixels. */
export interface EdgeWidth {
  readonly kind: "column" | "table";
  readonly label: string;
  readonly title: string;
  readonly width: number;
  readonly least: number;
  readonly most: number;
  /** The distance that an arrow key moves the edge, in CSS pixels. */
  readonly step: number;
  /** Sets the width; null restores the default. */
  resize(width: number | null): void;
}

export function widthEdge(edge: EdgeWidth): TemplateResult {
  return html`<span
    class="edge ${edge.kind}"
    role="separator"
    tabindex="0"
    aria-orientation="vertical"
    aria-label=${edge.label}
    title=${edge.title}
    aria-valuenow=${Math.round(edge.width)}
    aria-valuemin=${edge.least}
    aria-valuemax=${edge.most}
    @pointerdown=${(event: PointerEvent) => drag(event, edge)}
    @dblclick=${() => edge.resize(null)}
    @keydown=${(event: KeyboardEvent) => resizeByKey(event, edge)}
  ></span>`;
}

function drag(event: PointerEvent, edge: EdgeWidth): void {
  const { currentTarget: target, clientX: start, pointerId } = event;
  if (!(target instanceof HTMLElement)) return;
  target.setPointerCapture(pointerId);
  const move = ({ clientX }: PointerEvent) => resize(edge, edge.width + clientX - start);
  target.addEventListener("pointermove", move);
  const end = () => target.removeEventListener("pointermove", move);
  target.addEventListener("lostpointercapture", end, { once: true });
}

function resizeByKey(event: KeyboardEvent, edge: EdgeWidth): void {
  const { width, least, most, step } = edge;
  const widths: Readonly<Record<string, number>> = {
    ArrowLeft: width - step,
    ArrowRight: width + step,
    Home: least,
    End: most,
  };
  const to = widths[event.key];
  if (event.key === "Enter") edge.resize(null);
  else if (to !== undefined) resize(edge, to);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function resize({ least, most, resize }: EdgeWidth, width: number): void {
  resize(Math.min(Math.max(width, least), most));
}
