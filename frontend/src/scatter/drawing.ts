/** Gathers all that the map shows at a moment: points, labels, trails, arrows and the lasso. */

import { type Arrows, arrowsOf } from "./arrows";
import type { Point } from "./geometry";
import { LabelLayer } from "./label_layer";
import type { Box } from "./label_placement";
import { type PointAppearance, pointAppearance } from "./point_appearance";
import { Scene } from "./scene";
import type { Stroke } from "./strokes";
import { type Trail, trailStrokes } from "./trails";
import type { Viewpoint } from "./viewpoint";

export class Drawing {
  readonly scene = new Scene();
  readonly labels = new LabelLayer();
  trails: readonly Trail[] = [];
  arrows: Arrows | null = null;
  /** A lasso under way, CSS pixels. */
  lasso: readonly Point[] = [];

  constructor(readonly view: Viewpoint) {}

  get appearance(): PointAppearance {
    return pointAppearance(this.scene.motion.count, this.view.size, this.view.zoom);
  }

  /** Whether points are on their way. */
  get isMoving(): boolean {
    return this.scene.motion.share < 1;
  }

  /** Chooses the labels of a frame. */
  placeLabels(now: number, settled: boolean, reserved: readonly Box[]): void {
    const { scene, view } = this;
    const { projection } = view;
    this.labels.update({
      size: projection.size,
      now,
      radius: this.appearance.diameter / 2,
      moving: this.isMoving,
      settled,
      forced: scene.named,
      visible: scene.pickable,
      reserved,
      place: (index, out) => scene.project(index, projection, out) > 0,
    });
  }

  /** Returns the lines and dots that are drawn over the points. */
  strokes(): Stroke[] {
    const { arrows, appearance, scene, view } = this;
    const { projection } = view;
    const { accent, ground, text } = scene.theme;
    const place = (index: number, out: Float64Array) =>
      scene.isDrawn(index) ? scene.project(index, projection, out) : 0;
    const color = (index: number) => (scene.isMarked(index) ? accent : text);
    const fits = arrows?.from.length === scene.motion.to.length;
    const gap = appearance.diameter / 2 + 1;
    return [
      ...(arrows && fits ? arrowsOf(arrows, projection, place, gap, color) : []),
      ...this.trails.flatMap((trail) =>
        trailStrokes(trail, projection, trail.color ?? accent, ground),
      ),
      ...this.labels.leaders(text),
    ];
  }
}
