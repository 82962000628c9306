/** Describes the map on screen as shapes, from the bottom to the top. */

import type { Palette } from "../../theme/palette";
import type { Size } from "../geometry";
import type { Area } from "../layers/density_layer";
import type { Label } from "../layers/label_layer";
import type { Stroke } from "../layers/strokes";
import { DIMMED, DIMMED_SIZE, HAZE } from "../points/point_styles";
import { colorOf } from "../points/scene";
import { SMALLEST_SHAPED } from "../points/shapes";
import { smoothstep } from "../tween";
import type { Drawing } from "./map_drawing";

/** The shapes to draw, from the bottom to the top, in CSS pixels and colors. */
export interface VectorPicture {
  readonly size: Size;
  readonly theme: Palette;
  /** The density under the points. */
  readonly areas: readonly Area[];
  readonly points: readonly Disk[];
  readonly strokes: readonly Stroke[];
  /** Marked points, each with a gap and a ring around it. */
  readonly marks: readonly Disk[];
  readonly labels: readonly Label[];
  /** The sizes of the labels, CSS pixels. */
  readonly fontSize: number;
  readonly lineHeight: number;
}

export interface Disk {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Its place in SHAPES; a disk if left out. */
  readonly shape?: number;
  readonly color: string;
  readonly opacity: number;
}

/** Marked points are at least this large, CSS pixels, to be found among a million. */
export const MARKED_DIAMETER = 5;
/** Rings of more marked points than these are thin, or they would hide each other. */
const MANY_MARKED = 60;

/** Returns what there is to see at a time, with at most so many points: those drawn topmost. */
export function vectorPictureOf(drawing: Drawing, mostPoints: number, now: number): VectorPicture {
  const { density, labels, scene, view } = drawing;
  return {
    size: view.size,
    theme: scene.theme,
    areas: density.areas(view.projection, scene.theme),
    points: topmost(drawing, mostPoints),
    strokes: drawing.strokes().flat(),
    marks: scene.rings.flatMap(({ role, points }) => {
      const rim = rimOf(points.length);
      const shown = [...points.slice(Math.max(0, points.length - mostPoints))];
      const color = colorOf(scene.theme, role);
      return shown.flatMap((index) => markedDisks(drawing, index, rim, color));
    }),
    labels: drawing.texts(now),
    fontSize: labels.fontSize,
    lineHeight: labels.lineHeight,
  };
}

/** Returns the width of the gap and the ring around each of so many marked points, CSS pixels. */
export function rimOf(marks: number): number {
  return marks > MANY_MARKED ? 1.5 : 3;
}

export function countInView({ scene, view }: Drawing): number {
  const { projection, size } = view;
  const place = new Float64Array(3);
  let count = 0;
  for (let index = 0; index < scene.motion.count; index++) {
    if (!scene.isDrawn(index)) continue;
    if (scene.project(index, projection, place) > 0 && isWithin(place, size, 0)) count++;
  }
  return count;
}

/** Returns a point as it is drawn above the others, on a ring and a gap; [] if it has no place. */
export function markedDisks(
  { appearance, scene, view }: Drawing,
  index: number,
  rim: number,
  ring = scene.theme.accent,
): Disk[] {
  const { ground } = scene.theme;
  const place = new Float64Array(3);
  if (!scene.isDrawn(index) || !scene.project(index, view.projection, place)) return [];
  const [x = 0, y = 0, depth = 1] = place;
  const diameter = (appearance.diameter * scene.styles.size(index)) / depth;
  const radius = Math.max(diameter, MARKED_DIAMETER) / 2;
  const color = scene.styles.color(index, scene.recolor.share);
  return [
    { x, y, radius: radius + rim, color: ring, opacity: 1 },
    { x, y, radius: radius + rim / 2, color: ground, opacity: 1 },
    { x, y, radius, color, opacity: 1 },
  ];
}

/** Returns the topmost points in view, the last on top: in 3-D the nearest of them. */
function topmost(drawing: Drawing, mostPoints: number): Disk[] {
  const { appearance, scene, view } = drawing;
  const { projection, size } = view;
  const { styles } = scene;
  const { perspective } = view.camera;
  const place = new Float64Array(3);
  const order = scene.order(mostPoints);
  const first = Math.max(0, order.length - drawing.mostPoints);
  const isShaped = appearance.diameter >= SMALLEST_SHAPED;
  const points: (Disk & { depth: number })[] = [];
  for (let at = order.length - 1; at >= first && points.length < mostPoints; at--) {
    const index = order[at] as number;
    const presence = scene.project(index, projection, place);
    const [x = 0, y = 0, depth = 1] = place;
    const isDimmed = styles.isDimmed(index);
    const full = (appearance.diameter * styles.size(index)) / depth / 2;
    const radius = full * (isDimmed ? DIMMED_SIZE : 1);
    if (presence === 0 || !isWithin(place, size, radius)) continue;
    const haze = perspective * HAZE * smoothstep((depth - 0.85) / 0.5);
    const kept = styles.strength(index) * (isDimmed ? DIMMED : 1);
    const opacity = appearance.opacity * presence * kept * (1 - haze);
    const shape = isShaped ? styles.shape(index) : 0;
    points.push({
      x,
      y,
      radius,
      shape,
      color: styles.color(index, scene.recolor.share),
      opacity,
      depth,
    });
  }
  points.reverse();
  return perspective > 0 ? points.sort((a, b) => b.depth - a.depth) : points;
}

function isWithin([x = 0, y = 0]: Float64Array, { width, height }: Size, margin: number): boolean {
  return x > -margin && y > -margin && x < width + margin && y < height + margin;
}
