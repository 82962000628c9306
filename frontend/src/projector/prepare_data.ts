/** Prepares a table for the standard Projector before it shows it. */

import type { ForeignColumns, ForeignData, ForeignPoint } from "./projector_internals";

/** Principal components that the Projector keeps. */
const COMPONENTS = 10;

export interface Prepared {
  /** As it was read. */
  original: ForeignData;
  /** What is shown of it. */
  shown: ForeignData;
}

/**
 * A table as data of the Projector, ready to be shown: its own classes do the work, but
 * before the data is on screen, so that nothing blinks between two steps.
 */
export async function prepareData(
  before: ForeignData,
  numbers: Float32Array,
  columns: ForeignColumns,
  normalized: boolean,
  projection: string,
): Promise<Prepared> {
  const Data = before.constructor as new (points: ForeignPoint[]) => ForeignData;
  const original = new Data(pointsOf(numbers, columns.pointsInfo.length));
  original.mergeMetadata(columns);
  const shown = original.getSubset();
  if (normalized) shown.normalize();
  if (projection === "pca") {
    await shown.projectPCA();
    alignSigns(before.points, shown.points);
  }
  return { original, shown };
}

function pointsOf(numbers: Float32Array, count: number): ForeignPoint[] {
  const size = numbers.length / count;
  return Array.from({ length: count }, (_, index) => ({
    metadata: {},
    vector: numbers.subarray(index * size, (index + 1) * size),
    index,
    projections: null,
  }));
}

/**
 * The sign of a principal component means nothing: each gets the one with which most tokens
 * stay on their side, so that the projection is not mirrored from step to step.
 */
export function alignSigns(before: readonly ForeignPoint[], after: readonly ForeignPoint[]): void {
  if (before.length !== after.length) return;
  for (let component = 0; component < COMPONENTS; component++) {
    const name = `pca-${component}`;
    let product = 0;
    for (let at = 0; at < after.length; at++) {
      product += (before[at]?.projections?.[name] ?? 0) * (after[at]?.projections?.[name] ?? 0);
    }
    if (product >= 0) continue;
    for (const { projections } of after) {
      const place = projections?.[name];
      if (projections && place !== undefined) projections[name] = -place;
    }
  }
}
