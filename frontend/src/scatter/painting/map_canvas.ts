/** Puts the canvas of the map into its host, and makes a new painter when the GPU is lost. */

import { resizeCanvas } from "../canvas_brush";
import type { Size } from "../geometry";
import { CanvasPainter } from "./canvas_painter";
import { GpuPainter } from "./gl/gpu_painter";
import { HoverOverlay } from "./hover_overlay";
import type { Drawing } from "./map_drawing";
import type { Painter } from "./painter";

export class MapCanvas {
  readonly canvas = document.createElement("canvas");
  readonly overlay = new HoverOverlay();
  /** null while the browser has taken the WebGL context away. */
  painter: Painter | null;
  private readonly root = document.createElement("div");
  private readonly observer: ResizeObserver;
  private readonly listening = new AbortController();

  /**
   * @param resized called when the canvas has another size, or must be drawn anew
   * @param ratio pixels to a CSS pixel; as many as the screen has if left out
   * @throws Error if the browser offers no canvas
   */
  constructor(
    host: HTMLElement,
    resized: () => void,
    private readonly ratio?: number,
  ) {
    this.painter = newPainter(this.canvas);
    const filling = { width: "100%", height: "100%" };
    Object.assign(this.root.style, filling, { position: "relative", overflow: "hidden" });
    for (const canvas of [this.canvas, this.overlay.canvas]) {
      Object.assign(canvas.style, filling, { position: "absolute", inset: "0" });
      canvas.setAttribute("aria-hidden", "true");
      this.root.append(canvas);
    }
    this.canvas.style.touchAction = "none";
    this.canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.painter = null;
    });
    this.canvas.addEventListener("webglcontextrestored", () => {
      this.painter = newPainter(this.canvas);
      resized();
    });
    host.append(this.root);
    this.observer = new ResizeObserver(resized);
    this.observer.observe(this.root);
    this.watchRatio(resized);
  }

  /** Calls back when a CSS pixel has other device pixels: on another screen, or zoomed. */
  private watchRatio(changed: () => void): void {
    const query = window.matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    const onChange = () => {
      this.watchRatio(changed);
      changed();
    };
    query.addEventListener("change", onChange, { once: true, signal: this.listening.signal });
  }

  get size(): Size {
    const { clientWidth, clientHeight } = this.root;
    return { width: Math.max(clientWidth, 1), height: Math.max(clientHeight, 1) };
  }

  /** Draws a frame, and gives the canvas the pixels of its place on the screen before. */
  draw(drawing: Drawing, now: number): void {
    resizeCanvas(this.canvas, this.size, this.ratio ?? window.devicePixelRatio);
    this.painter?.draw(drawing, now);
    this.overlay.draw(drawing);
  }

  dispose(): void {
    this.observer.disconnect();
    this.listening.abort();
    this.root.remove();
    this.painter?.dispose();
    this.painter = null;
  }
}

/** Returns a painter for a canvas: with WebGL2 if the browser offers it. */
function newPainter(canvas: HTMLCanvasElement): Painter {
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false });
  return gl ? new GpuPainter(gl) : new CanvasPainter(canvas);
}
