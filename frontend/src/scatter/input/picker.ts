/** Finds the point at a place and the points within a lasso. */

import type { Point } from "../geometry";
import type { Drawing } from "../painting/map_drawing";
import { lasso } from "./lasso";

/** How far from a point the pointer or a finger may be, CSS pixels. */
const MOUSE_REACH = 7;
const TOUCH_REACH = 18;
/** The most points among which one is found while they move: comparing more would cost frames. */
const MOST_MOVING = 200_000;
/** The most points that are compared with a lasso before the page gets a turn. */
const PART = 100_000;

/**
 * Returns the point at a place in CSS pixels: one under it before a label before the nearest
 * within reach. All points are compared: at a million, that takes less than a frame.
 */
export function pointAt(drawing: Drawing, place: Point, isTouch = false): number | null {
  const radius = drawing.appearance.diameter / 2;
  const reach = radius + (isTouch ? TOUCH_REACH : MOUSE_REACH);
  const [nearest, distance] = nearestPoint(drawing, place, reach);
  return distance <= radius + 1 ? nearest : (drawing.labels.hit(place) ?? nearest);
}

/** Returns the nearest point within reach, of equally near ones the last, and its distance. */
function nearestPoint(
  { scene, view }: Drawing,
  { x, y }: Point,
  reach: number,
): readonly [number | null, number] {
  const { projection } = view;
  const { motion, pickable } = scene;
  if (scene.isMoving && motion.count > MOST_MOVING) return [null, Number.POSITIVE_INFINITY];
  const positions = motion.current();
  const out = new Float64Array(3);
  let nearest: number | null = null;
  let least = reach * reach;
  for (let index = 0; index < motion.count; index++) {
    if (pickable?.[index] === 0 || !projection.project(positions, index, out)) continue;
    const dx = (out[0] as number) - x;
    const dy = (out[1] as number) - y;
    const distance = dx * dx + dy * dy;
    if (distance > least) continue;
    least = distance;
    nearest = index;
  }
  return [nearest, nearest === null ? Number.POSITIVE_INFINITY : Math.sqrt(least)];
}

/** Returns the points within a path as they are now, in their order. The page goes on meanwhile. */
export async function pointsWithin({ scene, view }: Drawing, path: readonly Point[]) {
  const { projection } = view;
  const { pickable } = scene;
  const isWithin = lasso(path);
  const positions = scene.motion.current();
  const count = positions.length / 3;
  const out = new Float64Array(3);
  const found: number[] = [];
  for (let start = 0; start < count; start += PART) {
    if (start > 0) await new Promise((resolve) => setTimeout(resolve));
    for (let index = start; index < Math.min(start + PART, count); index++) {
      if (pickable?.[index] === 0 || !projection.project(positions, index, out)) continue;
      if (isWithin(out[0] as number, out[1] as number)) found.push(index);
    }
  }
  return found;
}

export function pointsInView(drawing: Drawing): Promise<number[]> {
  const { width, height } = drawing.view.size;
  return pointsWithin(drawing, [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ]);
}
