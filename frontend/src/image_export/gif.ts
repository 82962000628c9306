/** Makes an animated GIF of the map going through the steps. */

import { applyPalette, GIFEncoder, quantize } from "gifenc";
import { brushOf, resizeCanvas } from "../scatter/canvas_brush";

/** A map that is filmed while it goes through its steps. */
export interface FilmScene {
  readonly canvas: HTMLCanvasElement;
  /** How often `show` is called. */
  readonly steps: number;
  /** Goes to a step. Resolves when its points are under way or there. */
  show(at: number, signal: AbortSignal): Promise<void>;
  /** Sets how long points take from step to step from now on. */
  pace(stepMs: number): void;
  annotate(brush: CanvasRenderingContext2D, at: number): void;
  /** Calls back after each frame of the map until the returned function is called. */
  onFrame(callback: () => void): () => void;
  redraw(): void;
  isMoving(): boolean;
  progress(share: number): void;
  /** How long the file shows each step, on the way to it and at it, in milliseconds. */
  readonly shownMs: number;
}

const COLORS = 256;
/** How long the map takes to start moving after a step was chosen. */
const BEGUN_MS = 60;
/** How long colors and labels take to change after the points have arrived. */
const SETTLED_MS = 300;
/** How much longer the file shows the last step, before it starts over. */
const END_MS = 1000;
/** Shorter times between frames would make a larger file, and no smoother one. */
const LEAST_MS = 60;
/** How long points take from step to step when the file is played: at most so long and such a share. */
const MOST_MOVING_MS = 640;
const MOVING_SHARE = 0.45;
/**
 * How long points take from step to step while the file is made: longer where a frame takes
 * longer, so that there are some frames on the way.
 */
export const GIF_STEP_MS = 320;
const SLOWEST_STEP_MS = 2400;
const FRAMES_A_STEP = 6;

/**
 * Films the map as it goes through the steps. The file states how long each frame is shown, so
 * it plays at an even pace however long the map took to draw.
 *
 * @returns the file, or null if the signal was aborted
 */
export async function gif(scene: FilmScene, signal: AbortSignal): Promise<Blob | null> {
  const frames = new Frames(scene.canvas);
  const movingMs = Math.min(MOST_MOVING_MS, MOVING_SHARE * scene.shownMs);
  const restMs = scene.shownMs - movingMs;
  let at = 0;
  let since: number | null = null;
  let stepMs = GIF_STEP_MS;
  let wanted: (() => void) | null = null;
  const unlisten = scene.onFrame(() => {
    const now = performance.now();
    const ms = (movingMs / stepMs) * (now - (since ?? 0));
    if (wanted) wanted();
    else if (since !== null && ms >= LEAST_MS) {
      frames.add(scene, at, ms);
      // Points go on moving while a frame is encoded.
      since = now;
    }
  });
  const taken = (ms: number) =>
    new Promise<void>((resolve) => {
      signal.addEventListener("abort", () => resolve(), { once: true });
      wanted = () => {
        wanted = null;
        frames.add(scene, at, ms);
        resolve();
      };
      scene.redraw();
    });
  try {
    for (; at < scene.steps && !signal.aborted; at++) {
      since = at > 0 ? performance.now() : null;
      await scene.show(at, signal);
      await still(scene, BEGUN_MS, signal);
      since = null;
      await still(scene, SETTLED_MS, signal);
      const before = performance.now();
      await taken(at + 1 < scene.steps ? restMs : restMs + END_MS);
      const needed = FRAMES_A_STEP * (performance.now() - before);
      stepMs = Math.min(Math.max(needed, GIF_STEP_MS), SLOWEST_STEP_MS);
      scene.pace(stepMs);
      scene.progress((at + 1) / scene.steps);
    }
  } finally {
    unlisten();
  }
  return signal.aborted ? null : frames.file();
}

/** Waits until the points have stood still for so long. */
async function still(scene: FilmScene, ms: number, signal: AbortSignal): Promise<void> {
  let since = performance.now();
  while (!signal.aborted && performance.now() - since < ms) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    if (scene.isMoving()) since = performance.now();
  }
}

/** The frames of a file, encoded as they come. */
class Frames {
  private readonly encoder = GIFEncoder();
  private readonly brush = brushOf(undefined, { alpha: false, willReadFrequently: true });

  constructor(map: HTMLCanvasElement) {
    resizeCanvas(this.brush.canvas, map, 1);
  }

  add(scene: FilmScene, at: number, ms: number): void {
    const { brush } = this;
    const { width, height } = brush.canvas;
    brush.drawImage(scene.canvas, 0, 0, width, height);
    scene.annotate(brush, at);
    const { data } = brush.getImageData(0, 0, width, height);
    const palette = quantize(data, COLORS);
    const delay = Math.round(ms);
    this.encoder.writeFrame(applyPalette(data, palette), width, height, { palette, delay });
  }

  file(): Blob {
    this.encoder.finish();
    return new Blob([this.encoder.bytes() as Uint8Array<ArrayBuffer>], { type: "image/gif" });
  }
}
