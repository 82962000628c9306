/** Puts the canvas of the map into its host and recreates the renderer when it is lost. */

import { CanvasPainter } from "./canvas_painter";
import type { Size } from "./geometry";
import { Renderer } from "./gl/renderer";
import { HoverOverlay } from "./hover_overlay";
import type { Painter } from "./painter";

export interface MapCanvasEvents {
  resized(): void;
  /** The renderer is new and empty: the browser had taken away the old one's context. */
  restored(): void;
}

export class MapCanvas {
  readonly canvas = document.createElement("canvas");
  /** What follows the pointer. */
  readonly overlay = new HoverOverlay();
  /** null while the browser has taken the WebGL context away. */
  renderer: Painter | null;
  private readonly root = document.createElement("div");
  private readonly observer: ResizeObserver;
  private readonly listening = new AbortController();

  /** @throws Error without any canvas. */
  constructor(host: HTMLElement, events: MapCanvasEvents) {
    this.renderer = this.newRenderer(this.canvas);
    Object.assign(this.root.style, {
      position: "relative",
      width: "100%",
      height: "100%",
      overflow: "hidden",
    });
    Object.assign(this.canvas.style, {
      position: "absolute",
      inset: "0",
      width: "100%",
      height: "100%",
      touchAction: "none",
    });
    this.canvas.setAttribute("aria-hidden", "true");
    this.root.append(this.canvas, this.overlay.canvas);
    this.canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.renderer = null;
    });
    this.canvas.addEventListener("webglcontextrestored", () => {
      this.renderer = this.newRenderer(this.canvas);
      events.restored();
    });
    host.append(this.root);
    this.observer = new ResizeObserver(() => events.resized());
    this.observer.observe(this.root);
    this.watchRatio(() => events.resized());
  }

  /** On another screen, or zoomed, the same place has other pixels: no size says so. */
  private watchRatio(changed: () => void): void {
    const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    const told = () => {
      this.watchRatio(changed);
      changed();
    };
    query.addEventListener("change", told, { once: true, signal: this.listening.signal });
  }

  get size(): Size {
    const { clientWidth, clientHeight } = this.root;
    return { width: Math.max(clientWidth, 1), height: Math.max(clientHeight, 1) };
  }

  /** Gives the canvas the pixels of its place on the screen, if it has others. */
  resize(): void {
    const ratio = window.devicePixelRatio;
    const width = Math.max(1, Math.round(this.size.width * ratio));
    const height = Math.max(1, Math.round(this.size.height * ratio));
    if (width !== this.canvas.width) this.canvas.width = width;
    if (height !== this.canvas.height) this.canvas.height = height;
  }

  /** A renderer for a canvas: with WebGL2 where there is that. */
  newRenderer(canvas: HTMLCanvasElement): Painter {
    return hasWebGl2() ? new Renderer(canvas) : new CanvasPainter(canvas);
  }

  setCursor(cursor: string): void {
    this.canvas.style.cursor = cursor;
  }

  dispose(): void {
    this.observer.disconnect();
    this.listening.abort();
    this.root.remove();
    this.renderer?.dispose();
    this.renderer = null;
  }
}

/** Whether this browser offers any canvas to draw on. */
export function hasCanvas(): boolean {
  return document.createElement("canvas").getContext("2d") !== null;
}

let webgl2: boolean | undefined;

/** Whether this browser offers WebGL2. */
export function hasWebGl2(): boolean {
  if (webgl2 === undefined) {
    const context = document.createElement("canvas").getContext("webgl2");
    context?.getExtension("WEBGL_lose_context")?.loseContext();
    webgl2 = context !== null;
  }
  return webgl2;
}
