/** Tests the description of the map as shapes. */

import { expect, it } from "vitest";
import { drawingOf } from "../../../test/drawing";
import type { Drawing } from "./map_drawing";
import { countInView, vectorPictureOf } from "./vector_picture";

/** Five points in a row, of which the last is out of view. */
function drawing(): Drawing {
  const made = drawingOf(-0.8, 0, 0, -0.4, 0, 0, 0, 0, 0, 0.4, 0, 0, 50, 0, 0);
  made.scene.priority = Uint32Array.of(2, 0, 1, 3, 4);
  return made;
}

it("has as many points as are asked for, of those in view", () => {
  for (const [most, copied] of [
    [0, 0],
    [1, 1],
    [3, 3],
    [4, 4],
    [100, 4],
  ] as const) {
    expect(vectorPictureOf(drawing(), most, 0).points).toHaveLength(copied);
  }
  expect(countInView(drawing())).toBe(4);
});

it("has the topmost points, the very top last", () => {
  const all = vectorPictureOf(drawing(), 100, 0).points.map(({ x }) => x);
  expect(all.at(-1)).toBeCloseTo(50);
  expect(vectorPictureOf(drawing(), 2, 0).points.map(({ x }) => x)).toEqual(all.slice(-2));
});

it("has the topmost of some points only, where others are left out for now", () => {
  const made = drawing();
  const all = vectorPictureOf(made, 100, 0).points;
  made.mostPoints = 3;
  expect(made.isPartial).toBe(true);
  // One of the three is out of view.
  expect(vectorPictureOf(made, 100, 0).points).toEqual(all.slice(-2));
});

it("has the nearest points on top in 3-D, and fades the far ones", () => {
  const made = drawingOf(0, 0, 0.5, 0, 0, -0.5, 0, 0, 0);
  made.view.lookFrom({ center: [0, 0, 0], zoom: 1, yaw: 0, pitch: 0 }, 0);
  made.view.mode = "3d";
  made.view.fit(0);
  const { points } = vectorPictureOf(made, 100, 0);
  const radii = points.map(({ radius }) => radius);
  expect(radii).toEqual([...radii].sort());
  expect(points[0]?.opacity).toBeLessThan(points[2]?.opacity ?? 0);
});

it("dims what is filtered out, and shows how far points have come into being", () => {
  const made = drawingOf(0, 0, 0, 0.5, 0, 0);
  const [, full] = vectorPictureOf(made, 2, 0).points;
  made.scene.setVisible(Uint8Array.of(0, 1));
  const [dimmed] = vectorPictureOf(made, 2, 0).points;
  expect(dimmed?.opacity).toBeCloseTo(0.12 * (full?.opacity ?? 0));

  const { motion } = drawingOf(0, 0, 0).scene;
  const arriving = drawingOf(Number.NaN, 0, 0);
  arriving.scene.motion.moveTo(motion.to, 1000);
  arriving.scene.motion.share = 0.5;
  const [point] = vectorPictureOf(arriving, 1, 0).points;
  expect(point?.opacity).toBeCloseTo(arriving.appearance.opacity / 2);
  arriving.scene.setPositions(Float32Array.of(Number.NaN, 0, 0));
  expect(vectorPictureOf(arriving, 1, 0).points).toEqual([]);
});

it("has a ring for each selected point, above small points large enough to be seen", () => {
  const made = drawingOf(0, 0, 0, 0.5, 0, 0, 50, 0, 0);
  made.scene.setSelection([1, 9]);
  const { marks, theme } = vectorPictureOf(made, 2, 0);
  const color = made.scene.styles.color(1);
  expect(marks.map((disk) => disk.color)).toEqual([theme.accent, theme.ground, color]);
  const [ring = 0, gap = 0, point = 0] = marks.map(({ radius }) => radius);
  expect([ring - point, gap - point]).toEqual([3, 1.5]);
  expect(point).toBeGreaterThanOrEqual(2.5);
});
