/** Tests the points in saved selections. */

import { expect, it } from "vitest";
import type { ColorValues } from "../../selectors/map/point_colors";
import { colormapEntries, sizesWithSets } from "./point_colormap";

const numbers: ColorValues = {
  source: { column: "norm" },
  values: Float32Array.of(0, 1, 2, 5, Number.NaN),
  domain: [0, 2],
  cut: [false, true],
  diverging: false,
  low: false,
  whole: false,
  log: false,
  categories: null,
};

it("leaves values their scale beside the colors of saved selections", () => {
  const setColors = Uint8Array.of(0, 0, 1, 0, 6);
  expect([...colormapEntries(numbers, setColors)]).toEqual([0, 124.5, 250, 249, 255]);
  expect(colormapEntries(numbers, new Uint8Array(5))[4]).toBeNaN();
  expect([...colormapEntries(null, setColors)]).toEqual([
    Number.NaN,
    Number.NaN,
    250,
    Number.NaN,
    255,
  ]);
});

it("leaves categories their colors", () => {
  const categories = [0, 1, null].map((color) => ({ name: "a", count: 1, color }));
  const texts = { ...numbers, values: Float32Array.of(0, 2, 2), categories };
  expect([...colormapEntries(texts, Uint8Array.of(0, 0, 3))]).toEqual([0, 20, 252]);
});

it("draws points in a set larger, whatever their size", () => {
  const sizes = sizesWithSets(Float32Array.of(2, 2, 0.5), Uint8Array.of(0, 1, 1));
  expect([...sizes].map((size) => Number(size.toFixed(2)))).toEqual([2, 3.2, 0.8]);
});
