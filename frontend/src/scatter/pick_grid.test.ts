/** Tests the search for the nearest point. */

import { describe, expect, it } from "vitest";
import { PickGrid } from "./pick_grid";
import { MISSING } from "./point_motion";
import { randomNumbers } from "./random_numbers";

function bruteForce(points: Float32Array, x: number, y: number, radius: number): number | null {
  let best: number | null = null;
  let least = radius * radius;
  for (let i = 0; i * 3 < points.length; i++) {
    const dx = (points[i * 3] as number) - x;
    const dy = (points[i * 3 + 1] as number) - y;
    if (dx * dx + dy * dy <= least) {
      least = dx * dx + dy * dy;
      best = i;
    }
  }
  return best;
}

describe("PickGrid", () => {
  it("finds what comparing with every point finds", () => {
    const random = randomNumbers(1);
    const points = new Float32Array(5000 * 3).map(() => random() ** 3 * 100);
    points.fill(Number.NaN, 30, 60);
    points.fill(MISSING, 60, 90);
    points.set([1e7, -1e7, 0], 90);
    const grid = new PickGrid(points);
    for (let i = 0; i < 2000; i++) {
      const [x, y, radius] = [random() * 120 - 10, random() * 120 - 10, random() * 8];
      expect(grid.nearest(x, y, radius)).toBe(bruteForce(points, x, y, radius));
    }
    expect(grid.nearest(1e7, -1e7, 1)).toBe(30);
  });

  it("takes the one drawn last of points in the same place", () => {
    const grid = new PickGrid(Float32Array.of(1, 1, 0, 1, 1, 0, 1, 1, 0));
    expect(grid.nearest(1, 1, 2)).toBe(2);
  });

  it("passes over points that are filtered out", () => {
    const grid = new PickGrid(Float32Array.of(0, 0, 0, 3, 0, 0));
    expect(grid.nearest(0, 0, 5)).toBe(0);
    expect(grid.nearest(0, 0, 5, Uint8Array.of(0, 1))).toBe(1);
  });

  it("finds nothing beyond the radius, among no points, and among points without a place", () => {
    expect(new PickGrid(Float32Array.of(0, 0, 0)).nearest(3, 4, 4.99)).toBeNull();
    expect(new PickGrid(Float32Array.of(0, 0, 0)).nearest(3, 4, 5)).toBe(0);
    expect(new PickGrid(new Float32Array(0)).nearest(0, 0, 10)).toBeNull();
    expect(new PickGrid(new Float32Array(9).fill(Number.NaN)).nearest(0, 0, 10)).toBeNull();
  });

  it("visits at least all points of a box", () => {
    const random = randomNumbers(2);
    const points = new Float32Array(3000).map(() => random());
    const visited = new Set<number>();
    new PickGrid(points).forEachNear(0.2, 0.3, 0.5, 0.4, (index) => visited.add(index));
    for (let i = 0; i < 1000; i++) {
      const [x = 0, y = 0] = points.subarray(i * 3, i * 3 + 2);
      if (x >= 0.2 && x <= 0.5 && y >= 0.3 && y <= 0.4) expect(visited.has(i)).toBe(true);
    }
  });
});
