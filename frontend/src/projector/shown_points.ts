/** Translates between rows of the table and points of the Projector, which may show a sample. */

import type { Projector } from "../api/contract.gen";

/** Returns the points of some rows, those that are not shown left out. */
export function pointsOf({ rows }: Projector, wanted: readonly number[]): number[] {
  if (!rows.length) return [...wanted];
  const points = new Map(Array.from(rows, (row, point) => [row, point]));
  return wanted.map((row) => points.get(row)).filter((point) => point !== undefined);
}

export function rowsOf({ rows }: Projector, points: readonly number[]): number[] {
  if (!rows.length) return [...points];
  return points.map((point) => rows[point]).filter((row) => row !== undefined);
}
