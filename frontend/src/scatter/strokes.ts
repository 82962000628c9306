/** Describes the lines and dots that are drawn over the points of the map. */

/** A line with round ends, in CSS pixels. It is a dot where both ends are the same. */
export interface Stroke {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly radius: number;
  /** A CSS color. */
  readonly color: string;
  /** 0..1 */
  readonly opacity: number;
}

export function dot(x: number, y: number, radius: number, color: string, opacity: number): Stroke {
  return { ax: x, ay: y, bx: x, by: y, radius, color, opacity };
}
