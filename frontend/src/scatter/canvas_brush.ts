/** Gets canvases ready to be drawn on. */

import type { Size } from "./geometry";

/** @throws Error if the browser offers no 2-D canvas */
export function brushOf(
  canvas = document.createElement("canvas"),
  options?: CanvasRenderingContext2DSettings,
): CanvasRenderingContext2D {
  const brush = canvas.getContext("2d", options);
  if (brush === null) throw new Error("This browser offers no 2-D canvas.");
  return brush;
}

/** Gives a canvas `ratio` pixels to a CSS pixel. One that has another size before is emptied. */
export function resizeCanvas(canvas: HTMLCanvasElement, size: Size, ratio: number): void {
  const width = Math.max(1, Math.round(size.width * ratio));
  const height = Math.max(1, Math.round(size.height * ratio));
  if (width !== canvas.width) canvas.width = width;
  if (height !== canvas.height) canvas.height = height;
}
