/** Copies the map frame by frame while it goes through the steps, for GIFs and movies. */

import type { Scatter } from "../scatter/scatter";

/** A map that goes through its steps to be filmed. */
export interface FilmScene {
  readonly scatter: Scatter;
  /** How often `show` is called. */
  readonly steps: number;
  /** Goes to a step; resolved when its points are under way or there. */
  show(at: number, signal: AbortSignal): Promise<void>;
  /** How long points are to take from step to step from now on. */
  pace(stepMs: number): void;
  /** Draws what is said beside the points upon a frame. */
  annotate(brush: CanvasRenderingContext2D, at: number): void;
  /** Calls back after each frame of the map; returns what ends that. */
  onFrame(callback: () => void): () => void;
  progress(share: number): void;
}

/** A canvas to copy frames to, no longer than `longest` on any side, in even numbers of pixels. */
export function filmCanvas(
  { width, height }: HTMLCanvasElement,
  longest: number,
  reads: boolean,
): CanvasRenderingContext2D {
  const ratio = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  // Encoders take even numbers only.
  canvas.width = Math.max(2, Math.round(width * ratio) & ~1);
  canvas.height = Math.max(2, Math.round(height * ratio) & ~1);
  const brush = canvas.getContext("2d", { alpha: false, willReadFrequently: reads });
  if (brush === null) throw new Error("This browser offers no 2-D canvas.");
  brush.imageSmoothingQuality = "high";
  return brush;
}

/** Draws the map as it is now, and what is said beside it. */
export function copyFrame(brush: CanvasRenderingContext2D, scene: FilmScene, at: number): void {
  const { width, height } = brush.canvas;
  brush.drawImage(scene.scatter.canvas, 0, 0, width, height);
  scene.annotate(brush, at);
}

/** Waits until the points have stood still for so long. */
export async function still(scatter: Scatter, ms: number, signal: AbortSignal): Promise<void> {
  let since = performance.now();
  while (!signal.aborted && performance.now() - since < ms) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    if (scatter.isMoving) since = performance.now();
  }
}
