/** Tests the lines around dense places. */

import { expect, it } from "vitest";
import { contoursOf } from "./contours";

const WINDOW = { left: 0, top: 0, unitX: 1, unitY: 1, columns: 60, rows: 50, cell: 4 };

/** A field that is as far from some centers as the nearest of them, in tenths. */
function cones(...centers: readonly (readonly [number, number])[]) {
  const { columns, rows } = WINDOW;
  const coverage = Float32Array.from({ length: columns * rows }, (_, cell) => {
    const x = (cell % columns) + 0.5;
    const y = -Math.floor(cell / columns) - 0.5;
    return 0.1 * Math.min(...centers.map(([cx, cy]) => Math.hypot(x - cx, y - cy)));
  });
  return { window: WINDOW, coverage };
}

/** The area within a closed line, positive where it turns to the left. */
function areaOf(line: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < line.length; at += 2) {
    const [x = 0, y = 0] = line.subarray(at, at + 2);
    const [nextX = 0, nextY = 0] = at + 2 < line.length ? line.subarray(at + 2, at + 4) : line;
    sum += (x * nextY - nextX * y) / 2;
  }
  return sum;
}

it("draws a circle around a cone", () => {
  const [line, ...others] = contoursOf(cones([30, -25]), 1);
  expect(others).toEqual([]);
  for (let at = 0; at < (line?.length ?? 0); at += 2) {
    const [x = 0, y = 0] = line?.subarray(at, at + 2) ?? [];
    expect(Math.abs(Math.hypot(x - 30, y + 25) - 10)).toBeLessThan(0.15);
  }
  expect(Math.abs(areaOf(line ?? new Float64Array()))).toBeCloseTo(100 * Math.PI, -1);
});

it("draws one line around each of two hills, and one around both farther down", () => {
  const hills = cones([22, -25], [38, -25]);
  expect(contoursOf(hills, 0.6)).toHaveLength(2);
  expect(contoursOf(hills, 0.95)).toHaveLength(1);
});

it("draws a line around a hole, the other way round", () => {
  const { window, coverage } = cones([30, -25]);
  const ring = { window, coverage: coverage.map((value) => Math.abs(value - 1)) };
  const areas = contoursOf(ring, 0.4).map(areaOf);
  expect(areas).toHaveLength(2);
  expect(Math.sign(areas[0] ?? 0)).toBe(-Math.sign(areas[1] ?? 0));
  const [least = 0, most = 0] = areas.map(Math.abs).sort((a, b) => a - b);
  expect(most - least).toBeCloseTo(Math.PI * (14 ** 2 - 6 ** 2), -1);
});

it("closes lines that leave the window, and draws none where nothing is", () => {
  const [line, ...others] = contoursOf(cones([0, -25]), 1);
  expect(others).toEqual([]);
  expect(Math.abs(areaOf(line ?? new Float64Array()))).toBeGreaterThan(45 * Math.PI);
  expect(contoursOf(cones([30, -25]), 0)).toEqual([]);
});
