/** Tests the data prepared for the standard Projector. */

import { expect, it } from "vitest";
import type { ForeignPoint } from "./projector_internals";
import { alignSigns } from "./swap_data";

function points(...places: number[][]): ForeignPoint[] {
  return places.map((place, index) => ({
    index,
    vector: new Float32Array(),
    metadata: {},
    projections: Object.fromEntries(place.map((value, at) => [`pca-${at}`, value])),
  }));
}

it("turns mirrored components back, and no others", () => {
  const before = points([1, 2], [-1, 3]);
  const after = points([-2, 2], [2, 4]);
  alignSigns(before, after);
  expect(after.map(({ projections }) => projections)).toEqual([
    { "pca-0": 2, "pca-1": 2 },
    { "pca-0": -2, "pca-1": 4 },
  ]);
});

it("leaves alone what can't be compared", () => {
  const after = points([-2]);
  alignSigns(points([1], [1]), after);
  expect(after[0]?.projections).toEqual({ "pca-0": -2 });
});
