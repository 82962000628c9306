/** Tests the sampling of rows. */

import { expect, it } from "vitest";
import { sampledRows } from "./sample_rows";

it("takes all rows of a small table", () => {
  expect(sampledRows(4, 10)).toEqual([0, 1, 2, 3]);
  expect(sampledRows(0, 10)).toEqual([]);
});

it("is spread over all rows, and over those of any pattern", () => {
  for (const rows of [50_000, 100_000, 1_000_000, 1_048_576]) {
    const found = sampledRows(rows, 10_000);
    expect(found.every((row) => row >= 0 && row < rows)).toBe(true);
    expect(new Set(found).size).toBeGreaterThan(9900);
    for (const groups of [2, 3, 8, 10, 20, 64, 100]) {
      const counts = new Array<number>(groups).fill(0);
      const parts = new Array<number>(groups).fill(0);
      for (const row of found) {
        counts[row % groups] = (counts[row % groups] ?? 0) + 1;
        const part = Math.floor((row * groups) / rows);
        parts[part] = (parts[part] ?? 0) + 1;
      }
      for (const count of [...counts, ...parts]) {
        expect(count / (found.length / groups)).toBeGreaterThan(0.5);
        expect(count / (found.length / groups)).toBeLessThan(1.5);
      }
    }
  }
});
