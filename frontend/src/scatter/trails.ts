/** Draws the path of a token over the steps. */

import type { Projection } from "./camera";
import { dot, type Stroke } from "./strokes";

export interface Trail {
  readonly index: number;
  /** `[steps, 3]`; a row with NaN is a gap. */
  readonly points: Float32Array;
  /** The step that the slider shows, as a row of `points`. */
  readonly current: number;
  /** The opacity of the whole trail, 0..1. */
  readonly strength: number;
  /** A CSS color; the theme's accent if left out. */
  readonly color?: string | undefined;
}

const FAINTEST = 0.2;
const STRONGEST = 0.9;
const LINE_RADIUS = 0.9;
const DOT_RADIUS = 2;
const END_RADIUS = 3;
/** With more steps, the dots would touch and look like a second line. */
const MAX_DOTS = 60;

/**
 * Returns a path as strokes: a line that fades from the last step back to the first, a dot for
 * each step, and a hollow dot where it starts.
 */
export function trailStrokes(
  { points, current, strength }: Trail,
  projection: Projection,
  color: string,
  background: string,
): Stroke[] {
  const steps = Math.floor(points.length / 3);
  const out = new Float64Array(3);
  const places = Array.from({ length: steps }, (_, step) => {
    if (!projection.project(points, step, out)) return null;
    const [x = 0, y = 0] = out;
    return { x, y };
  });
  const faded = (step: number) =>
    strength * (FAINTEST + (STRONGEST - FAINTEST) * (step / Math.max(steps - 1, 1)));
  const lines = places.flatMap((to, step): Stroke[] => {
    const from = places[step - 1];
    if (!from || !to) return [];
    const ends = { ax: from.x, ay: from.y, bx: to.x, by: to.y };
    return [{ ...ends, radius: LINE_RADIUS, color, opacity: faded(step) }];
  });
  const dots = places.flatMap((place, step): Stroke[] => {
    const isLarge = step === 0 || step === steps - 1 || step === current;
    if (!place || (steps > MAX_DOTS && !isLarge)) return [];
    const { x, y } = place;
    const full = isLarge
      ? dot(x, y, END_RADIUS, color, strength)
      : dot(x, y, DOT_RADIUS, color, faded(step));
    return step === 0 ? [full, dot(x, y, END_RADIUS - 1.25, background, 1)] : [full];
  });
  return [...lines, ...dots];
}
