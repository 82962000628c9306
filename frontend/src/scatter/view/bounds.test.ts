/** Tests the box of the positions. */

import { describe, expect, it } from "vitest";
import { countOutside, robustBounds, sampledRows } from "./bounds";

describe("robustBounds", () => {
  it("holds all frames", () => {
    const { center, half } = robustBounds([
      Float32Array.of(0, 0, 0, 2, 2, 2),
      Float32Array.of(-2, 0, 0, 4, 2, 6),
    ]);
    expect(center).toEqual([1, 1, 3]);
    expect(half).toEqual([3, 1, 3]);
  });

  it("holds all groups of a large table whose rows take turns", () => {
    const rows = 1_000_000;
    const frame = new Float32Array(3 * rows);
    for (let row = 0; row < rows; row++)
      frame.fill((row % 20) + (row % 7) / 10, 3 * row, 3 * row + 3);
    for (const frames of [[frame], [frame, frame]]) {
      expect(countOutside(frame, robustBounds(frames), "2d")).toBe(0);
    }
  });

  it("leaves out non-finite rows", () => {
    const { center, half } = robustBounds([
      Float32Array.of(-1, -1, -1, 1, 1, 1, Number.NaN, Number.NaN, Number.NaN, 1 / 0, 0, 0),
    ]);
    expect([center, half]).toEqual([
      [0, 0, 0],
      [1, 1, 1],
    ]);
  });

  it("is not stretched by one far outlier", () => {
    const frame = new Float32Array(3000).map((_, i) => ((i * 7919) % 1000) / 500 - 1);
    frame[0] = 1e6;
    const { center, half } = robustBounds([frame]);
    expect(half[0]).toBeLessThan(1.5);
    expect(Math.abs(center[0])).toBeLessThan(0.2);
  });

  it("has an extent even for one point, equal points, and none", () => {
    expect(robustBounds([Float32Array.of(3, 3, 3)]).half).toEqual([0.5, 0.5, 0.5]);
    expect(robustBounds([Float32Array.of(3, 3, 3, 3, 3, 3)]).center).toEqual([3, 3, 3]);
    expect(robustBounds([]).half).toEqual([1, 1, 1]);
    expect(robustBounds([Float32Array.of(Number.NaN, Number.NaN, Number.NaN)]).half[0]).toBe(1);
  });
});

it("cuts nothing off a table whose strongest words stand apart", () => {
  // Two clusters and a few words at almost twice their distance, as sentiment has them.
  const frame = new Float32Array(15_000).map((_, i) => Math.sin(i * 12.9898) * ((i % 3) + 1));
  for (let row = 0; row < 20; row++) frame[row * 3] = row % 2 ? 1.9 : -1.9;
  const bounds = robustBounds([frame]);
  expect([countOutside(frame, bounds, "2d"), countOutside(frame, bounds, "3d")]).toEqual([0, 0]);
});

it("counts the rows that stay outside of the bounds", () => {
  const bounds = { center: [1, 0, 0], half: [2, 1, 1] } as const;
  const frame = Float32Array.of(1, 0, 0, 3.1, 0, 0, 9, 0, 0, 1, 1.9, 0, 1, 0, -5, Number.NaN, 9, 9);
  expect(countOutside(frame, bounds, "2d")).toBe(2);
  expect(countOutside(frame, bounds, "3d")).toBe(2);
});

describe("a sample of rows", () => {
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
});
