/** Tests the filters of sorted rows. */

import { expect, it } from "vitest";
import { atLeast, commonFirst, defaultMinFrequency, onlyIn, placesOf } from "./order_filters";

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
  expect(defaultMinFrequency([1, 2, 3, 4, 500])).toBe(3);
  expect(defaultMinFrequency([50, 60, 70])).toBe(10);
  expect(defaultMinFrequency([])).toBe(0);
});

it("keeps the rows of an order that are in a mask", () => {
  const order = Uint32Array.of(2, 0, 1);
  expect([...onlyIn(order, Uint8Array.of(1, 0, 1))]).toEqual([2, 0]);
  expect(onlyIn(order, null)).toBe(order);
});
