/** Defines places and sizes on the map. */

export type Mode = "2d" | "3d";

/** Whether a unit is as long along each axis, or each axis fills the view. */
export type Axes = "equal" | "fill";

export type Axis = 0 | 1 | 2;

export type Vec3 = readonly [number, number, number];

export function vec3(of: (axis: Axis) => number): Vec3 {
  return [of(0), of(1), of(2)];
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}
