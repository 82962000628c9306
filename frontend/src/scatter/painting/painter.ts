/** Defines what a painter of the map must do. */

import type { Scene } from "../points/scene";
import type { Drawing } from "./map_drawing";

/** Draws the map onto a canvas: with WebGL2, or without. */
export interface Painter {
  readonly mostPoints: number;
  /** Whether drawing now would make the page wait until an earlier frame is done. */
  isBusy(scene: Scene): boolean;
  /** Returns whether all points can be drawn in no more time than a part of them. */
  hasAll(drawing: Drawing): boolean;
  /** Draws so many more points ahead, which `draw` will need; returns whether all are there. */
  drawMore(drawing: Drawing, most: number): boolean;
  /** @param now milliseconds, as `performance.now()` counts them */
  draw(drawing: Drawing, now: number): void;
  dispose(): void;
}
