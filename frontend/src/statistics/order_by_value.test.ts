/** Tests the sorting by value. */

import { describe, expect, it } from "vitest";
import { orderByValue } from "./order_by_value";

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
