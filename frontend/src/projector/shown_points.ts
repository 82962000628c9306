/** Translates between rows of the table and points of the Projector, which may show a sample. */

import type { Projector } from "../api/contract.gen";

/** Returns the points of some rows, those that are not shown left out. */
export function pointsOf({ rows }: Projector, wanted: readonly number[]): number[] {
  if (!rows.length) return [...wanted];
  return wanted.map((row) => search(rows, row)).filter((point) => point >= 0);
}

/** Returns the rows of some points. */
export function rowsOf({ rows }: Projector, points: readonly number[]): number[] {
  if (!rows.length) return [...points];
  return points.map((point) => rows[point]).filter((row) => row !== undefined);
}

/** Returns the place of a value in an ascending array, or -1. */
function search(values: Int32Array, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return values[low] === wanted ? low : -1;
}
