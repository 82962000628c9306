/** Tests the search for points under the pointer and within a lasso. */

import { describe, expect, it } from "vitest";
import { drawingOf } from "../../../test/drawing";
import { randomNumbers } from "../../../test/random_numbers";
import type { Drawing } from "../painting/map_drawing";
import { pointAt, pointsInView, pointsWithin } from "./picker";

/** Where a point of `drawingOf` is on screen. */
function placeOf(drawing: Drawing, index: number): { x: number; y: number } {
  const out = new Float64Array(3);
  drawing.scene.project(index, drawing.view.projection, out);
  const [x = 0, y = 0] = out;
  return { x, y };
}

describe("pointAt", () => {
  it("finds the nearest point within reach, and none beyond", () => {
    const drawing = drawingOf(0, 0, 0, 0.2, 0, 0);
    const { x, y } = placeOf(drawing, 1);
    expect(pointAt(drawing, { x, y })).toBe(1);
    expect(pointAt(drawing, { x: x + 9, y })).toBe(1);
    expect(pointAt(drawing, { x: x + 14, y })).toBeNull();
    expect(pointAt(drawing, { x: x + 14, y }, true)).toBe(1);
  });

  it("takes the last of points in one place, and none that are filtered out or nowhere", () => {
    const drawing = drawingOf(0, 0, 0, 0, 0, 0, 0, 0, 0, Number.NaN, 0, 0);
    const place = placeOf(drawing, 0);
    expect(pointAt(drawing, place)).toBe(2);
    drawing.scene.setVisible(Uint8Array.of(1, 1, 0, 1));
    expect(pointAt(drawing, place)).toBe(1);
    drawing.scene.setDrawn(Uint8Array.of(0, 0, 0, 1));
    expect(pointAt(drawing, place)).toBeNull();
  });

  it("finds points where they are seen after the view was turned, zoomed and moved", () => {
    const random = randomNumbers(1);
    const drawing = drawingOf(...Array.from({ length: 60 }, () => random() - 0.5));
    const { view } = drawing;
    view.setMode("3d");
    view.fit(0);
    view.orbitBy(90, -40);
    view.zoomBy(1.5);
    view.panBy(3, 5);
    for (let index = 0; index < 20; index++) {
      const found = pointAt(drawing, placeOf(drawing, index)) as number;
      const [is, was] = [placeOf(drawing, found), placeOf(drawing, index)];
      expect(Math.hypot(is.x - was.x, is.y - was.y)).toBeLessThan(1e-6);
    }
  });

  it("finds points on their way", () => {
    const drawing = drawingOf(-0.5, 0, 0);
    drawing.scene.motion.moveTo(Float32Array.of(0.5, 0, 0), 1000);
    drawing.scene.motion.share = 0.5;
    expect(pointAt(drawing, { x: 50, y: 50 })).toBe(0);
  });
});

it("finds the points within a path, and those in view, in their order", async () => {
  const drawing = drawingOf(0.5, 0, 0, 50, 0, 0, Number.NaN, 0, 0, -0.5, 0, 0);
  expect(await pointsInView(drawing)).toEqual([0, 3]);
  const { x, y } = placeOf(drawing, 3);
  const around = [
    { x: x - 2, y: y - 2 },
    { x: x + 2, y: y - 2 },
    { x, y: y + 2 },
  ];
  expect(await pointsWithin(drawing, around)).toEqual([3]);
});
