/** Gathers all that the map shows at a moment: points, labels, trails, arrows and the lasso. */

import type { Flow } from "../../density_and_regions/flow";
import { memo } from "../../util/memo";
import type { Poles } from "../../util/token_expression";
import type { Point, Size } from "../geometry";
import { type AxisMarks, flatMarks, NO_MARKS, triad } from "../layers/axis_marks";
import { DensityLayer } from "../layers/density_layer";
import { type Label, LabelLayer } from "../layers/label_layer";
import type { Box } from "../layers/label_placement";
import { RegionLabels } from "../layers/region_labels";
import {
  type Arrows,
  arrowsOf,
  flowStrokes,
  type Stroke,
  type Trail,
  trailStrokes,
} from "../layers/strokes";
import { type PointAppearance, pointAppearance } from "../points/point_appearance";
import { Scene } from "../points/scene";
import { type Camera, Projection } from "../view/camera";
import type { Viewpoint } from "../view/viewpoint";

/** What the axes mean: their ends in a flat view, or their names in space. */
export type Axes =
  | { readonly ends: readonly Poles[]; readonly names?: undefined }
  | { readonly names: readonly string[]; readonly ends?: undefined };

export class Drawing {
  readonly scene = new Scene();
  readonly labels = new LabelLayer();
  readonly regions = new RegionLabels();
  /** Under the points. */
  readonly density = new DensityLayer();
  trails: readonly Trail[] = [];
  /** The arrows from where points were to where they are; null for none. */
  arrows: Arrows | null = null;
  /** The average way of all points; null for none. */
  flow: Flow | null = null;
  /** null draws no axes. */
  axes: Axes | null = null;
  private marks: AxisMarks = NO_MARKS;
  /** Kept from frame to frame: there is an arrow for each place in view, whatever points move. */
  private readonly flowStrokes = memo((flow: Flow, camera: Camera, size: Size, color: string) =>
    flowStrokes(flow, new Projection(camera, size), color),
  );
  /** A lasso under way, CSS pixels. */
  lasso: readonly Point[] = [];
  hasLabels = true;
  /** The number of points that are drawn at most: not all of many while something moves. */
  mostPoints = Number.POSITIVE_INFINITY;

  constructor(readonly view: Viewpoint) {}

  get appearance(): PointAppearance {
    return pointAppearance(this.scene.motion.count, this.view.size, this.view.zoom);
  }

  /** Returns how those points look that stand for all of them, while some are left out. */
  get appearanceOfSome(): PointAppearance {
    const { mostPoints, scene, view } = this;
    const share = Math.min(mostPoints / Math.max(scene.brightCount, 1), 1);
    return pointAppearance(scene.motion.count, view.size, view.zoom, share);
  }

  /** Returns whether some points are left out for now. */
  get isPartial(): boolean {
    return this.mostPoints < this.scene.motion.count;
  }

  /** Returns whether points, or the density under them, are on their way. */
  get isMoving(): boolean {
    return this.isPartial || this.scene.isMoving || this.density.share < 1;
  }

  placeLabels(now: number, settled: boolean, reserved: readonly Box[]): void {
    const { scene, view } = this;
    this.marks = this.axisMarks();
    if (!this.hasLabels) return;
    const radius = this.appearance.diameter / 2;
    const free = { scene, projection: view.projection, now, radius, settled };
    const { lineHeight: height } = this.labels;
    const boxes = this.marks.labels.map(({ left, top, width }) => ({ left, top, width, height }));
    const taken = [...reserved, ...boxes];
    this.regions.place(this.labels, view.projection, now, scene.isMoving, taken);
    this.labels.update({ ...free, reserved: [...taken, ...this.regions.boxes] });
  }

  /** Returns all texts at a time, the most important last. */
  texts(now: number): Label[] {
    return [...this.marks.labels, ...this.labels.at(now), ...this.regions.at(now)];
  }

  private axisMarks(): AxisMarks {
    const { axes, labels, scene, view } = this;
    if (axes === null || scene.motion.count === 0) return NO_MARKS;
    const { muted } = scene.theme;
    if (axes.ends) return flatMarks(axes.ends, view, labels, muted);
    return triad(axes.names, view, labels, muted);
  }

  /** Returns where a point is now, CSS pixels; null if it is nowhere. */
  placeOf(index: number): Point | null {
    const place = new Float64Array(3);
    if (!this.scene.project(index, this.view.projection, place)) return null;
    const [x = 0, y = 0] = place;
    return { x, y };
  }

  /** Returns the lines and dots that are drawn over the points, in groups. */
  strokes(): (readonly Stroke[])[] {
    const { arrows, appearance, flow, scene, view } = this;
    const { projection } = view;
    const { accent, ground, text } = scene.theme;
    const place = (index: number, out: Float64Array) =>
      scene.isDrawn(index) ? scene.project(index, projection, out) : 0;
    const color = (index: number) => (scene.isMarked(index) ? accent : text);
    const fits = arrows?.from.length === scene.motion.to.length;
    const gap = appearance.diameter / 2 + 1;
    return [
      this.marks.strokes,
      flow ? this.flowStrokes(flow, view.camera, view.size, text) : [],
      arrows && fits ? arrowsOf(arrows, projection, place, gap, color) : [],
      ...this.trails.map((trail) => trailStrokes(trail, projection, trail.color ?? accent, ground)),
      this.labels.leaders(text),
    ];
  }
}
