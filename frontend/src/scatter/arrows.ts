/** Draws arrows on the map from where tokens were at the reference step. */

import type { Projection } from "./camera";
import type { Stroke } from "./strokes";

export interface Arrows {
  readonly indices: readonly number[];
  /** Where all points were at the reference step, `[n, 3]`. */
  readonly from: Float32Array;
}

const SHAFT_RADIUS = 0.55;
const HEAD_LENGTH = 7;
const HEAD_SPREAD = 0.42;
/** A shorter arrow, in CSS pixels, shows no direction. */
const SHORTEST = 6;

/** Returns an arrow that ends `gap` CSS pixels before its tip: at the edge of the point. */
export function arrow(
  tail: readonly [number, number],
  tip: readonly [number, number],
  gap: number,
  color: string,
): Stroke[] {
  const [ax, ay] = tail;
  const length = Math.hypot(tip[0] - ax, tip[1] - ay);
  if (length < SHORTEST + gap) return [];
  const [ux, uy] = [(tip[0] - ax) / length, (tip[1] - ay) / length];
  const end = { bx: tip[0] - ux * gap, by: tip[1] - uy * gap, radius: SHAFT_RADIUS, color };
  const reach = Math.min(HEAD_LENGTH, length / 2);
  const head = [HEAD_SPREAD, -HEAD_SPREAD].map((side) => ({
    ...end,
    ax: end.bx - reach * (ux * Math.cos(side) - uy * Math.sin(side)),
    ay: end.by - reach * (ux * Math.sin(side) + uy * Math.cos(side)),
    opacity: 0.8,
  }));
  return [{ ...end, ax, ay, opacity: 0.5 }, ...head];
}

/** Returns all arrows. `place` writes where a point is now; it returns 0 if it is not drawn. */
export function arrowsOf(
  { indices, from }: Arrows,
  projection: Projection,
  place: (index: number, out: Float64Array) => number,
  gap: number,
  color: (index: number) => string,
): Stroke[] {
  const [tip, tail] = [new Float64Array(3), new Float64Array(3)];
  return indices.flatMap((index) => {
    if (!place(index, tip) || !projection.project(from, index, tail)) return [];
    const [ax = 0, ay = 0] = tail;
    const [bx = 0, by = 0] = tip;
    return arrow([ax, ay], [bx, by], gap, color(index));
  });
}
