/** Tests the arrows on the map. */

import { expect, it } from "vitest";
import { addArrow, addArrows } from "./arrows";
import { fitCamera, Projection } from "./camera";
import { Strokes } from "./gl/strokes";

function ends(strokes: Strokes): number[][] {
  return Array.from({ length: strokes.count }, (_, i) => strokes.numbers.slice(i * 9, i * 9 + 4));
}

it("is a shaft that ends at the edge of the point, and a head", () => {
  const strokes = new Strokes();
  addArrow(strokes, [10, 10], [60, 10], 5, [1, 0, 0]);
  const [shaft, ...head] = ends(strokes);
  expect(shaft).toEqual([10, 10, 55, 10]);
  expect(head.map(([x, y, ...tip]) => [(x ?? 0) < 55, (y ?? 0) > 10, tip])).toEqual([
    [true, false, [55, 10]],
    [true, true, [55, 10]],
  ]);
});

it("is not drawn where nothing moved to be seen", () => {
  const strokes = new Strokes();
  addArrow(strokes, [10, 10], [14, 10], 3, [1, 0, 0]);
  expect(strokes.count).toBe(0);
});

it("is left out for a point that is not drawn, now or then", () => {
  const bounds = { center: [0, 0, 0], half: [1, 1, 1] } as const;
  const size = { width: 400, height: 400 };
  const projection = new Projection(fitCamera(bounds, size, "2d"), size);
  const from = Float32Array.of(-1, 0, 0, Number.NaN, 0, 0, -1, 0, 0);
  const strokes = new Strokes();
  const place = (index: number, out: Float64Array) => {
    out.set([300, 200, 1]);
    return index !== 2;
  };
  addArrows(strokes, { indices: [0, 1, 2], from }, projection, place, 3, () => [1, 0, 0]);
  expect(strokes.count).toBe(3);
});
