/** Defines the types for places and sizes on the map. */

export type Mode = "2d" | "3d";

/** Whether a unit is as long along each axis, or each axis fills the view. */
export type Axes = "equal" | "fill";

export type Vec3 = readonly [number, number, number];

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}
