import { describe, expect, it } from "vitest";
import {
  atLeast,
  commonFirst,
  defaultFloor,
  onlyIn,
  orderByValue,
  placesOf,
  quantiles,
  rangeOf,
} from "./ranking";

describe("orderByValue", () => {
  const values = [0.5, -2, Number.NaN, 3, 0, -0, Number.POSITIVE_INFINITY, 0.5];

  it("orders by value, then row, with NaN last", () => {
    expect([...orderByValue(values, false)]).toEqual([1, 4, 5, 0, 7, 3, 6, 2]);
    expect([...orderByValue(values, true)]).toEqual([6, 3, 0, 7, 4, 5, 1, 2]);
  });

  it("agrees with a comparing sort on many values", () => {
    const many = Float32Array.from(
      { length: 5000 },
      (_, i) => Math.sin(i * i) * 10 ** ((i % 9) - 4),
    );
    const expected = [...many.keys()].sort((a, b) => (many[b] ?? 0) - (many[a] ?? 0) || a - b);
    expect([...orderByValue(many, true)]).toEqual(expected);
  });

  it("orders nothing", () => {
    expect(orderByValue([], true)).toHaveLength(0);
  });
});

it("leaves out rare rows, and rows of unknown frequency", () => {
  const order = Uint32Array.of(3, 1, 0, 2);
  expect([...atLeast(order, [5, 20, null, 10], 10)]).toEqual([3, 1]);
  expect(atLeast(order, null, 10)).toBe(order);
  expect(atLeast(order, [1, 1, 1, 1], 0)).toBe(order);
});

it("puts rare rows behind all others, each part in its order", () => {
  const order = Uint32Array.of(3, 1, 0, 2);
  expect([...commonFirst(order, [5, 20, null, 10], 10)]).toEqual([3, 1, 0, 2]);
  expect([...commonFirst(order, [50, 2, null, 10], 10)]).toEqual([3, 0, 1, 2]);
});

it("keeps the places of the rows in a mask", () => {
  const order = Uint32Array.of(2, 0, 1);
  expect([...placesOf(order, Uint8Array.of(1, 1, 0))]).toEqual([1, 2]);
  expect([...placesOf(order, null)]).toEqual([0, 1, 2]);
});

it("puts the default floor at the median, at most 10", () => {
  expect(defaultFloor([1, 2, 3, 4, 500])).toBe(3);
  expect(defaultFloor([50, 60, 70])).toBe(10);
  expect(defaultFloor([])).toBe(0);
});

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

it("keeps the rows of an order that are in a mask", () => {
  const order = Uint32Array.of(2, 0, 1);
  expect([...onlyIn(order, Uint8Array.of(1, 0, 1))]).toEqual([2, 0]);
  expect(onlyIn(order, null)).toBe(order);
});
