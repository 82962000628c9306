/** Turns pointer, wheel and touch into pans, zooms, turns, picks and lassos. */

import type { Point } from "../geometry";
import type { Viewpoint } from "../view/viewpoint";

/** What pointer, wheel and touch do to the map. Places in CSS pixels. */
export interface InputTarget {
  readonly viewpoint: Viewpoint;
  hover(at: Point | null): void;
  pick(at: Point, touch: boolean, additive: boolean): void;
  lassoing(): boolean;
  /** The lasso so far; empty when it is over. */
  lasso(path: readonly Point[]): void;
  lassoed(path: readonly Point[], how: LassoHow): void;
}

/** What is done with the points within a lasso. */
export type LassoHow = "replace" | "add" | "remove";

const CLICK_SLOP = 4;
/** Corners of a lasso nearer than this are one. */
const LASSO_STEP = 2;
const LINE_HEIGHT = 16;
const PAGE_HEIGHT = 400;
const WHEEL_SPEED = 0.0016;
const PINCH_SPEED = 0.01;
const MAX_WHEEL = 300;

/** Listens on an element until the signal is aborted. */
export function listen(element: HTMLElement, target: InputTarget, signal: AbortSignal): void {
  const gesture = new Gesture(element, target);
  const on = <K extends keyof HTMLElementEventMap>(
    type: K,
    handler: (event: HTMLElementEventMap[K]) => void,
    passive = true,
  ) => element.addEventListener(type, handler, { signal, passive });
  on("pointerdown", (event) => gesture.down(event));
  on("pointermove", (event) => gesture.move(event));
  on("pointerup", (event) => gesture.up(event));
  on("pointercancel", (event) => gesture.cancel(event));
  on("pointerleave", () => target.hover(null));
  on("dblclick", () => target.viewpoint.fit());
  on("wheel", (event) => wheel(event, target), false);
}

function wheel(event: WheelEvent, target: InputTarget): void {
  // On a low window the page scrolls, also past the map.
  if (!event.ctrlKey && pageScrolls()) return;
  event.preventDefault();
  const unit = event.deltaMode === 1 ? LINE_HEIGHT : event.deltaMode === 2 ? PAGE_HEIGHT : 1;
  const amount = Math.min(Math.max(event.deltaY * unit, -MAX_WHEEL), MAX_WHEEL);
  // A pinch on a trackpad arrives as a wheel with the control key and small amounts.
  const speed = event.ctrlKey ? PINCH_SPEED : WHEEL_SPEED;
  target.viewpoint.zoomBy(Math.exp(-amount * speed), { x: event.offsetX, y: event.offsetY });
}

function pageScrolls(): boolean {
  const { scrollHeight, clientHeight } = document.documentElement;
  return scrollHeight > clientHeight;
}

/** Tells a click from a drag from a pinch. */
class Gesture {
  private readonly pointers = new Map<number, Point>();
  private travelled = 0;
  private path: Point[] | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly target: InputTarget,
  ) {}

  down(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.element.setPointerCapture(event.pointerId);
    if (this.pointers.size === 0) this.travelled = 0;
    this.pointers.set(event.pointerId, place(event));
    if (this.pointers.size > 1) {
      this.travelled = Number.POSITIVE_INFINITY;
      this.endLasso();
    } else if (this.target.lassoing()) this.path = [place(event)];
  }

  move(event: PointerEvent): void {
    const before = this.pointers.get(event.pointerId);
    const now = place(event);
    if (before === undefined) {
      if (event.pointerType !== "touch") this.target.hover(now);
      return;
    }
    this.travelled = Math.max(this.travelled, Math.hypot(now.x - before.x, now.y - before.y));
    if (this.travelled <= CLICK_SLOP) return;
    this.target.hover(null);
    if (this.pointers.size > 1) this.pinch(event.pointerId, before, now);
    else if (this.path !== null) this.draw(this.path, now);
    else this.drag(event, now.x - before.x, now.y - before.y);
    this.pointers.set(event.pointerId, now);
  }

  up(event: PointerEvent): void {
    if (!this.pointers.delete(event.pointerId)) return;
    const path = this.endLasso();
    if (this.travelled > CLICK_SLOP) {
      if (path !== null) this.target.lassoed(path, lassoHow(event));
      return;
    }
    const additive = event.shiftKey || event.ctrlKey || event.metaKey;
    this.target.pick(place(event), event.pointerType === "touch", additive);
  }

  cancel(event: PointerEvent): void {
    this.pointers.delete(event.pointerId);
    this.endLasso();
  }

  private draw(path: Point[], now: Point): void {
    const last = path.at(-1) ?? now;
    if (Math.hypot(now.x - last.x, now.y - last.y) < LASSO_STEP) return;
    path.push(now);
    this.target.lasso(path);
  }

  private endLasso(): readonly Point[] | null {
    const { path } = this;
    this.path = null;
    if (path !== null) this.target.lasso([]);
    return path;
  }

  private drag(event: PointerEvent, dx: number, dy: number): void {
    const { viewpoint } = this.target;
    if (viewpoint.mode === "3d" && !event.shiftKey) viewpoint.orbitBy(dx, dy);
    else viewpoint.panBy(dx, dy);
  }

  /** Pans by the middle of two fingers and zooms by their distance, when one of them moved. */
  private pinch(id: number, before: Point, now: Point): void {
    const other = [...this.pointers].find(([otherId]) => otherId !== id)?.[1];
    if (other === undefined) return;
    const { viewpoint } = this.target;
    viewpoint.panBy((now.x - before.x) / 2, (now.y - before.y) / 2);
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const is = Math.hypot(now.x - other.x, now.y - other.y);
    const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    if (was > 1 && is > 1) viewpoint.zoomBy(is / was, middle);
  }
}

function lassoHow(event: PointerEvent): LassoHow {
  if (event.altKey) return "remove";
  return event.shiftKey || event.ctrlKey || event.metaKey ? "add" : "replace";
}

function place(event: PointerEvent): Point {
  return { x: event.offsetX, y: event.offsetY };
}
