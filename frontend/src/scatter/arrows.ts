/** Draws arrows on the map from where tokens were at the reference step. */

import type { Projection } from "./camera";
import type { Strokes } from "./gl/strokes";

export interface Arrows {
  readonly indices: readonly number[];
  /** Where all points came from, `[n, 3]`. */
  readonly from: Float32Array;
}

type Rgb = readonly [number, number, number];

const SHAFT_RADIUS = 0.55;
const HEAD_LENGTH = 7;
const HEAD_SPREAD = 0.42;
/** A shorter way, in CSS pixels, has no direction to be seen. */
const SHORTEST = 6;

/** Adds an arrow from where a point came from to where it is. */
export function addArrow(
  strokes: Strokes,
  tail: readonly [number, number],
  tip: readonly [number, number],
  gap: number,
  color: Rgb,
): void {
  const [ax, ay] = tail;
  const length = Math.hypot(tip[0] - ax, tip[1] - ay);
  if (length < SHORTEST + gap) return;
  const [ux, uy] = [(tip[0] - ax) / length, (tip[1] - ay) / length];
  // The head ends at the edge of the point, not in its middle.
  const [bx, by] = [tip[0] - ux * gap, tip[1] - uy * gap];
  strokes.line(ax, ay, bx, by, SHAFT_RADIUS, [...color, 0.5]);
  const reach = Math.min(HEAD_LENGTH, length / 2);
  for (const side of [HEAD_SPREAD, -HEAD_SPREAD]) {
    const x = bx - reach * (ux * Math.cos(side) - uy * Math.sin(side));
    const y = by - reach * (ux * Math.sin(side) + uy * Math.cos(side));
    strokes.line(x, y, bx, by, SHAFT_RADIUS, [...color, 0.8]);
  }
}

/** Adds all arrows; `place` writes where a point is now, false if it is not drawn. */
export function addArrows(
  strokes: Strokes,
  { indices, from }: Arrows,
  projection: Projection,
  place: (index: number, out: Float64Array) => boolean,
  gap: number,
  color: (index: number) => Rgb,
): void {
  const out = new Float64Array(3);
  for (const index of indices) {
    if (!place(index, out)) continue;
    const tip = [out[0] as number, out[1] as number] as const;
    const [x = Number.NaN, y = Number.NaN, z = Number.NaN] = from.subarray(
      index * 3,
      index * 3 + 3,
    );
    if (!projection.project(x, y, z, out)) continue;
    const tail = [out[0] as number, out[1] as number] as const;
    addArrow(strokes, tail, tip, gap, color(index));
  }
}
