/** Tests the size and opacity of points. */

import { expect, it } from "vitest";
import { pointAppearance } from "./point_appearance";

const size = { width: 900, height: 600 };

it("draws fewer points larger, and more of them more transparent", () => {
  const looks = [1, 100, 10_000, 100_000, 1_000_000].map((n) => pointAppearance(n, size, 1));
  looks.reduce((fewer, more) => {
    expect(more.diameter).toBeLessThanOrEqual(fewer.diameter);
    expect(more.opacity).toBeLessThanOrEqual(fewer.opacity);
    return more;
  });
  expect(looks[0]?.diameter).toBeLessThan(10);
  expect(looks[4]?.diameter).toBeGreaterThan(1);
  expect(looks[4]?.opacity).toBeGreaterThan(0.1);
});

it("makes points larger and more opaque on the way in", () => {
  const far = pointAppearance(1_000_000, size, 1);
  const near = pointAppearance(1_000_000, size, 40);
  expect(near.diameter).toBeGreaterThan(far.diameter);
  expect(near.opacity).toBeGreaterThan(0.9);
});

it("has an answer for no points and no room", () => {
  expect(pointAppearance(0, { width: 0, height: 0 }, 1).diameter).toBeGreaterThan(0);
});

it("draws some of many points as large as all of them, and more opaque", () => {
  const all = pointAppearance(1_000_000, size, 1);
  const some = pointAppearance(1_000_000, size, 1, 0.1);
  expect(some.diameter).toBe(all.diameter);
  expect(some.opacity).toBeGreaterThan(all.opacity);
});
