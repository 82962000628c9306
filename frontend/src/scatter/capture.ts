/** Copies the map as it is on screen: to a canvas, or as a list of shapes. */

import type { Drawing } from "./drawing";
import type { Painter } from "./painter";
import { linesOf, type Snapshot, type SnapshotPoint } from "./snapshot";

/** The opacity of what a search did not find, as in the shaders. */
const DIMMED = 0.12;

/** The map on a canvas of its own, with so many pixels to a CSS pixel. */
export function canvasCopy(
  drawing: Drawing,
  ratio: number,
  newPainter: (canvas: HTMLCanvasElement) => Painter,
): HTMLCanvasElement {
  const { width, height } = drawing.view.size;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const painter = newPainter(canvas);
  drawing.scene.handTo(painter);
  painter.draw(drawing.frame(performance.now()));
  // Copied: what a painter drew is gone with it.
  const copy = document.createElement("canvas");
  copy.width = canvas.width;
  copy.height = canvas.height;
  copy.getContext("2d")?.drawImage(canvas, 0, 0);
  painter.dispose();
  return copy;
}

/** What there is to see, with the so many points that are drawn topmost. */
export function snapshotOf(drawing: Drawing, mostPoints: number): Snapshot {
  const { labels, scene, view } = drawing;
  const { accent, background, label, labelHalo } = scene.theme;
  const { points, inView } = pointsOf(drawing, mostPoints);
  const marks = scene.selection.filter((index) => scene.isDrawn(index));
  return {
    size: view.size,
    background,
    accent,
    labelColor: label,
    labelHalo,
    fontSize: labels.fontSize,
    points,
    pointsInView: inView,
    lines: linesOf(drawing.strokes(view.projection).numbers),
    marks: marks.flatMap((index) => drawing.spotOf(index) ?? []),
    labels: labels.sprites(performance.now()).map((sprite) => ({
      ...sprite,
      strong: sprite.key % 2 === 1,
    })),
  };
}

/** The points in view: their number, and the topmost of them, the last on top. */
function pointsOf(
  { appearance, scene, view }: Drawing,
  mostPoints: number,
): { points: SnapshotPoint[]; inView: number } {
  const { projection } = view;
  const { width, height } = view.size;
  const place = new Float64Array(3);
  const points: SnapshotPoint[] = [];
  let inView = 0;
  for (const index of scene.order(mostPoints).reverse()) {
    if (!scene.project(index, projection, place)) continue;
    const [x = 0, y = 0, depth = 1] = place;
    if (x < 0 || y < 0 || x > width || y > height) continue;
    inView++;
    if (points.length === mostPoints) continue;
    const radius = (appearance.diameter * scene.sizeOf(index)) / depth / 2;
    const opacity = appearance.opacity * (scene.isDimmed(index) ? DIMMED : 1);
    points.push({ x, y, radius, color: scene.colorOf(index), opacity });
  }
  return { points: points.reverse(), inView };
}
