/** Tests quantiles. */

import { expect, it } from "vitest";
import { quantiles, rangeOf } from "./quantiles";

it("gives the range of the finite values", () => {
  const { NaN: none, POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;
  expect(rangeOf(Float32Array.of(none, 3, -2, POSITIVE_INFINITY, NEGATIVE_INFINITY))).toEqual([
    -2, 3,
  ]);
  expect(rangeOf(Float32Array.of(7))).toEqual([7, 7]);
  expect(rangeOf(Float32Array.of(none, NEGATIVE_INFINITY, POSITIVE_INFINITY))).toBeNull();
  expect(rangeOf(new Float32Array())).toBeNull();
});

it("gives quantiles of the finite values", () => {
  expect(quantiles(Float32Array.of(4, Number.NaN, 1, 2, 3), [0, 0.5, 1])).toEqual([1, 3, 4]);
  expect(quantiles(Float32Array.of(Number.NaN), [0.5])).toBeNull();
  expect(quantiles(Float32Array.of(4, Number.NaN, 1, 2, 3), [0, 0.5, 0.75, 1], true)).toEqual([
    1, 2.5, 3.25, 4,
  ]);
  const { POSITIVE_INFINITY, NEGATIVE_INFINITY } = Number;
  const wide = Float32Array.of(-0, 0, 1e-45, -3e38, 3e38, POSITIVE_INFINITY, NEGATIVE_INFINITY);
  expect(quantiles(wide, [0, 0.4, 0.99])?.map(Math.fround)).toEqual(
    [-3e38, 0, 3e38].map(Math.fround),
  );
  for (let size = 1; size < 400; size += 37) {
    const values = Float32Array.from(
      { length: size },
      (_, i) => Math.sin(i * size) * 10 ** (i % 9),
    );
    const sorted = values.slice().sort();
    for (const share of [0, 0.01, 0.5, 0.9, 1]) {
      const place = Math.min(size - 1, Math.floor(share * size));
      expect(quantiles(values.subarray(0), [share])).toEqual([sorted[place]]);
    }
  }
});
