/** Decides how large and how opaque points are drawn. */

import type { Size } from "../geometry";

export interface PointAppearance {
  /** Diameter in CSS pixels. */
  readonly diameter: number;
  /** 0..1 */
  readonly opacity: number;
}

const SMALLEST = 1.5;
const LARGEST_AT_FIT = 7;
const LARGEST = 12;

/**
 * Returns the look of `count` points spread over a view: as large as leaves room between them, and
 * more transparent the more they cover each other, so that density stays visible.
 *
 * @param share the share of the points that is drawn: fewer are as large, and more opaque
 */
export function pointAppearance(
  count: number,
  size: Size,
  zoom: number,
  share = 1,
): PointAppearance {
  const area = Math.max(size.width * size.height, 1);
  const room = Math.sqrt(area / Math.max(count, 1));
  const zoomed = Math.max(zoom, 0.5);
  const whole = Math.min(Math.max(0.46 * room, SMALLEST), LARGEST_AT_FIT);
  const diameter = Math.min(whole * zoomed ** 0.35, LARGEST);
  const covered = (share * count * diameter * diameter) / (area * zoomed ** 2);
  const opacity = Math.min(Math.max(0.5 / covered ** 0.75, 0.12), 0.92);
  return { diameter, opacity };
}
