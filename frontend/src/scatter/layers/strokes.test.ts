/** Tests trails and arrows. */

import { expect, it } from "vitest";
import { fitCamera, Projection } from "../view/camera";
import { arrow, arrowsOf, flowStrokes, type Stroke, trailStrokes } from "./strokes";

const projection = new Projection(
  fitCamera({ center: [0, 0, 0], half: [4, 4, 4] }, { width: 400, height: 400 }, "2d"),
  { width: 400, height: 400 },
);

function strokesOf(points: Float32Array): Stroke[] {
  const trail = { index: 0, points, strength: 1, current: 1 };
  return trailStrokes(trail, projection, "red", "black");
}

const isDot = ({ ax, ay, bx, by }: Stroke) => ax === bx && ay === by;

it("draws a line between steps, stronger towards the end, and a dot for each", () => {
  const strokes = strokesOf(Float32Array.of(0, 0, 0, 1, 1, 0, 2, 1, 0, 3, 2, 0));
  const lines = strokes.filter((stroke) => !isDot(stroke));
  expect(lines).toHaveLength(3);
  const opacities = lines.map(({ opacity }) => opacity);
  expect(opacities).toEqual([...opacities].sort());
  expect(strokes.filter(isDot)).toHaveLength(4 + 1);
});

it("leaves a gap where a step has no place", () => {
  const gap = [Number.NaN, Number.NaN, Number.NaN];
  const strokes = strokesOf(Float32Array.of(0, 0, 0, 1, 1, 0, ...gap, 2, 2, 0, 3, 3, 0));
  expect(strokes.filter((stroke) => !isDot(stroke))).toHaveLength(2);
  expect(strokes.every(({ ax, ay, bx, by }) => Number.isFinite(ax + ay + bx + by))).toBe(true);
});

it("draws dots for the ends only where there are very many steps", () => {
  const strokes = strokesOf(new Float32Array(300 * 3).map((_, i) => i / 300));
  expect(strokes.filter(isDot)).toHaveLength(3 + 1);
});

it("draws nothing of an empty trail", () => {
  expect(strokesOf(new Float32Array(0))).toEqual([]);
});

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

/** A flow along x at three places, 4 pixels at the least, and 8. */
const FLOW = {
  places: Float32Array.of(-2, 0, 0, 0, 2, 0),
  ways: Float32Array.of(0.1, 0, 0.2, 0, 0.2, 0),
  agreement: Float32Array.of(1, 1, 0.25),
  spacing: 36,
};

it("draws a flow as arrows that are as long as they can be, fainter where points part", () => {
  const strokes = flowStrokes(FLOW, projection, "red");
  expect(strokes).toHaveLength(9);
  const [short, long, faint] = [0, 3, 6].map((at) => strokes[at] as Stroke);
  const lengthOf = (stroke?: Stroke) => (stroke ? stroke.bx - stroke.ax : 0);
  expect(lengthOf(long)).toBeCloseTo(1.25 * 36);
  expect(lengthOf(short)).toBeCloseTo(lengthOf(long) / 2);
  expect(faint?.opacity).toBeCloseTo((long?.opacity ?? 0) / 4);
});

it("draws no flow where nothing moved", () => {
  expect(flowStrokes({ ...FLOW, ways: new Float32Array(6) }, projection, "red")).toEqual([]);
});
