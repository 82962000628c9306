/** Tests frequent rows, and places of rows in their order. */

import { expect, it } from "vitest";
import { defaultMinFrequency, frequentMask, placesOf } from "./order_filters";

it("leaves out rare rows, and rows of unknown frequency", () => {
  expect([...(frequentMask([5, 20, null, 10], 10) ?? [])]).toEqual([0, 1, 0, 1]);
  expect(frequentMask(null, 10)).toBeNull();
  expect(frequentMask([1, 1, 1, 1], 0)).toBeNull();
});

it("keeps the places of the rows in a mask", () => {
  const order = Uint32Array.of(2, 0, 1);
  expect([...placesOf(order, Uint8Array.of(1, 1, 0))]).toEqual([1, 2]);
  expect([...placesOf(order, null)]).toEqual([0, 1, 2]);
});

it("puts the default floor at the median, at most 10", () => {
  expect(defaultMinFrequency([1, 2, 3, 4, 500])).toBe(3);
  expect(defaultMinFrequency([50, 60, 70])).toBe(10);
  expect(defaultMinFrequency([])).toBe(0);
});
