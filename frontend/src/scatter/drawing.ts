/** Composes a frame of the map: points, labels, trails, arrows and the lasso. */

import { type Arrows, addArrows } from "./arrows";
import type { Projection } from "./camera";
import type { Point } from "./geometry";
import { Strokes } from "./gl/strokes";
import type { Spot } from "./hover_overlay";
import type { LabelLayer } from "./label_layer";
import type { Box } from "./label_placement";
import type { MapView } from "./map_view";
import type { Frame } from "./painter";
import { type PointAppearance, pointAppearance } from "./point_appearance";
import type { Scene } from "./scene";
import type { SnapshotPoint } from "./snapshot";
import { addTrail, type Trail } from "./trails";

const SPOT_DIAMETER = 5;

export class Drawing {
  trails: readonly Trail[] = [];
  /** A lasso under way, CSS pixels. */
  lasso: readonly Point[] = [];
  private arrows: Arrows | null = null;
  private emphasized: ReadonlySet<number> = new Set();

  constructor(
    readonly scene: Scene,
    readonly view: MapView,
    readonly labels: LabelLayer,
  ) {}

  get appearance(): PointAppearance {
    return pointAppearance(this.scene.motion.count, this.view.size, this.view.zoom);
  }

  setArrows(arrows: Arrows | null): void {
    this.arrows = arrows;
    this.selectionChanged();
  }

  /** To be called when other points are selected: their arrows stand out. */
  selectionChanged(): void {
    const drawn = new Set(this.arrows?.indices);
    const { selection } = this.scene;
    this.emphasized = new Set(drawn.size > 0 ? selection.filter((row) => drawn.has(row)) : []);
  }

  /** Chooses the labels of a frame. */
  placeLabels(now: number, settled: boolean, reserved: readonly Box[]): void {
    const { scene, view } = this;
    const { projection } = view;
    this.labels.update({
      size: projection.size,
      now,
      radius: this.appearance.diameter / 2,
      moving: scene.motion.share < 1,
      settled,
      forced: scene.named,
      visible: scene.pickable,
      reserved,
      place: (index, out) => scene.project(index, projection, out),
    });
  }

  frame(now: number): Frame {
    const { labels, appearance, scene, view } = this;
    const { projection } = view;
    return {
      projection,
      motion: scene.motion.share,
      recolor: scene.recolor,
      diameter: appearance.diameter,
      opacity: appearance.opacity,
      depth: view.camera.perspective,
      background: scene.colors.background,
      accent: scene.colors.accent,
      labeled: labels.labeled,
      strokes: this.strokes(projection),
      sprites: labels.sprites(now),
      spriteStyle: {
        color: scene.theme.label,
        halo: scene.theme.labelHalo,
        lineHeight: labels.lineHeight,
        smooth: scene.motion.share < 1,
      },
    };
  }

  strokes(projection: Projection): Strokes {
    const { arrows, emphasized, appearance, scene } = this;
    const { accent, background, label } = scene.colors;
    const strokes = new Strokes();
    if (arrows?.from.length === scene.motion.to.length) {
      const place = (index: number, out: Float64Array) =>
        scene.isDrawn(index) && scene.project(index, projection, out);
      const color = (index: number) => (emphasized.has(index) ? accent : label);
      addArrows(strokes, arrows, projection, place, appearance.diameter / 2 + 1, color);
    }
    for (const trail of this.trails) {
      addTrail(strokes, trail, projection, trail.color ?? accent, background);
    }
    this.labels.addLeaders(strokes, [...label, 0.5]);
    return strokes;
  }

  /** The point under the pointer; null where there is none. */
  get spot(): Spot | null {
    const { hovered, theme } = this.scene;
    const point = hovered === null ? null : this.spotOf(hovered);
    return point && { ...point, ring: theme.accent, background: theme.background };
  }

  /** A point as it is drawn above the others; null where it is not drawn. */
  spotOf(index: number): SnapshotPoint | null {
    const { appearance, scene, view } = this;
    const place = new Float64Array(3);
    if (!scene.isDrawn(index)) return null;
    if (!scene.project(index, view.projection, place)) return null;
    const [x = 0, y = 0, depth = 1] = place;
    const diameter = Math.max((appearance.diameter * scene.sizeOf(index)) / depth, SPOT_DIAMETER);
    return { x, y, radius: diameter / 2, color: scene.colorOf(index), opacity: 1 };
  }
}
