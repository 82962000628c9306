/** Tests the arrows on the map. */

import { expect, it } from "vitest";
import { arrow, arrowsOf } from "./arrows";
import { fitCamera, Projection } from "./camera";

it("is a shaft that ends at the edge of the point, and a head", () => {
  const [shaft, ...head] = arrow([10, 10], [60, 10], 5, "red");
  expect(shaft).toMatchObject({ ax: 10, ay: 10, bx: 55, by: 10 });
  expect(head.map(({ ax, ay, bx, by }) => [ax < 55, ay > 10, bx, by])).toEqual([
    [true, false, 55, 10],
    [true, true, 55, 10],
  ]);
});

it("is not drawn where nothing moved to be seen", () => {
  expect(arrow([10, 10], [14, 10], 3, "red")).toEqual([]);
});

it("is left out for a point that is not drawn, now or then", () => {
  const bounds = { center: [0, 0, 0], half: [1, 1, 1] } as const;
  const size = { width: 400, height: 400 };
  const projection = new Projection(fitCamera(bounds, size, "2d"), size);
  const from = Float32Array.of(-1, 0, 0, Number.NaN, 0, 0, -1, 0, 0);
  const place = (index: number, out: Float64Array) => {
    out.set([300, 200, 1]);
    return index === 2 ? 0 : 1;
  };
  const arrows = arrowsOf({ indices: [0, 1, 2], from }, projection, place, 3, () => "red");
  expect(arrows).toHaveLength(3);
});
