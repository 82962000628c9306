/** Draws the path of a token over the steps. */

import type { Projection } from "./camera";
import type { Rgba, Strokes } from "./gl/strokes";

type Rgb = readonly [number, number, number];

export interface Trail {
  readonly index: number;
  /** `[steps, 3]`; a row with NaN is a gap. */
  readonly points: Float32Array;
  /** The step that the slider shows, as a row of `points`. */
  readonly current: number;
  /** How strongly it is drawn, 0..1. */
  readonly strength: number;
  /** Red, green and blue 0..1; the theme's accent if left out. */
  readonly color?: Rgb | undefined;
}

const FAINTEST = 0.2;
const STRONGEST = 0.9;
const LINE_RADIUS = 0.9;
const DOT_RADIUS = 2;
const END_RADIUS = 3;
/** With more steps than these the dots would make a line of their own. */
const MAX_DOTS = 60;

/**
 * Adds a path to the strokes of a frame: a line that fades from the last step back to the
 * first, a dot for each step, a hollow one where it starts.
 */
export function addTrail(
  strokes: Strokes,
  trail: Trail,
  projection: Projection,
  color: Rgb,
  background: Rgb,
): void {
  const steps = Math.floor(trail.points.length / 3);
  const places = projected(trail.points, steps, projection);
  const faded = (step: number): Rgba => {
    const share = step / Math.max(steps - 1, 1);
    return [...color, trail.strength * (FAINTEST + (STRONGEST - FAINTEST) * share)];
  };
  for (let step = 1; step < steps; step++) {
    const a = places[step - 1];
    const b = places[step];
    if (a && b) strokes.line(...a, ...b, LINE_RADIUS, faded(step));
  }
  for (let step = 0; step < steps; step++) {
    const place = places[step];
    const stands = step === 0 || step === steps - 1 || step === trail.current;
    if (!place || (steps > MAX_DOTS && !stands)) continue;
    strokes.dot(
      ...place,
      stands ? END_RADIUS : DOT_RADIUS,
      stands ? [...color, trail.strength] : faded(step),
    );
    if (step === 0) strokes.dot(...place, END_RADIUS - 1.25, [...background, 1]);
  }
}

function projected(
  points: Float32Array,
  steps: number,
  projection: Projection,
): (readonly [number, number] | null)[] {
  const out = new Float64Array(3);
  return Array.from({ length: steps }, (_, step) => {
    const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = points.subarray(
      step * 3,
      step * 3 + 3,
    );
    return projection.project(x, y, z, out) ? [out[0] as number, out[1] as number] : null;
  });
}
