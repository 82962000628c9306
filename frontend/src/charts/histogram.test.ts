import { expect, it } from "vitest";
import { binned } from "./histogram";

it("counts finite values, either way, in equal parts up to the largest", () => {
  const values = Float32Array.of(0, 0.1, 0.5, -0.5, 1, Number.NaN, Number.POSITIVE_INFINITY);
  expect(binned(values, 1, 4)).toEqual([2, 0, 2, 1]);
  expect(binned(values, 1, 4).reduce((sum, count) => sum + count)).toBe(5);
});

it("puts all in the first part where nothing moved", () => {
  expect(binned(new Float32Array(3), 0, 2)).toEqual([3, 0]);
});
