/** Makes an animated GIF of the map going through the steps. */

import { applyPalette, GIFEncoder, quantize } from "gifenc";
import { copyFrame, type FilmScene, filmCanvas, still } from "./film_frames";

/** Pixels of the longer side: more make files that no page wants. */
const LONGEST = 800;
const COLORS = 256;
/** Until the map has heard of a step. */
const BEGUN_MS = 60;
/** Until the colors have changed and the labels have come. */
const SETTLED_MS = 300;
/** How long a step is shown, and the last one, before it starts over. */
const REST_MS = 800;
const END_MS = 1800;
/** Frames are not closer than this: more would make a larger file, and no smoother one. */
const LEAST_MS = 60;
/** How long points take from step to step when it is shown. */
const SHOWN_STEP_MS = 640;
/** How long they take when it is made: longer where frames do, to have some on the way. */
export const GIF_STEP_MS = 320;
const SLOWEST_STEP_MS = 2400;
const FRAMES_A_STEP = 6;

/**
 * Goes through the steps over and over. The points need not be waited for as long as in a film:
 * how long a frame is shown is said in the file.
 *
 * @returns the file, or null if the signal was aborted
 */
export async function gif(scene: FilmScene, signal: AbortSignal): Promise<Blob | null> {
  const frames = new Frames(filmCanvas(scene.scatter.canvas, LONGEST, true));
  let at = 0;
  let since: number | null = null;
  let stepMs = GIF_STEP_MS;
  let wanted: (() => void) | null = null;
  // What was drawn can be read in the very frame only.
  const unlisten = scene.onFrame(() => {
    const ms = (SHOWN_STEP_MS / stepMs) * (performance.now() - (since ?? 0));
    if (wanted) wanted();
    else if (since !== null && ms >= LEAST_MS) {
      frames.add(scene, at, ms);
      since = performance.now();
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
      scene.scatter.redraw();
    });
  try {
    for (; at < scene.steps && !signal.aborted; at++) {
      since = at > 0 ? performance.now() : null;
      await scene.show(at, signal);
      await still(scene.scatter, BEGUN_MS, signal);
      since = null;
      await still(scene.scatter, SETTLED_MS, signal);
      const before = performance.now();
      await taken(at + 1 < scene.steps ? REST_MS : END_MS);
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

/** Frames of a file, written as they come. */
class Frames {
  private readonly encoder = GIFEncoder();

  constructor(private readonly brush: CanvasRenderingContext2D) {}

  add(scene: FilmScene, at: number, ms: number): void {
    const { brush } = this;
    const { width, height } = brush.canvas;
    copyFrame(brush, scene, at);
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
