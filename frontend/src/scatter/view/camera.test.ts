/** Tests the camera of the map. */

import { describe, expect, it } from "vitest";
import {
  between,
  type Camera,
  fitCamera,
  orbited,
  Projection,
  panned,
  resized,
  revealing,
  zoomed,
} from "./camera";

const size = { width: 800, height: 600 };
const bounds = { center: [1, 2, 3], half: [4, 2, 1] } as const;

function place(camera: Camera, x: number, y: number, z: number): number[] {
  const out = new Float64Array(3);
  expect(new Projection(camera, size).project(Float64Array.of(x, y, z), 0, out)).toBe(true);
  return [...out];
}

describe("fitCamera", () => {
  it("shows all of the bounds in 2-D, with the middle in the middle", () => {
    const camera = fitCamera(bounds, size, "2d");
    expect(place(camera, 1, 2, 3).slice(0, 2)).toEqual([400, 300]);
    const [left = 0, bottom = 0] = place(camera, -3, 0, 0);
    const [right = 0, top = 0] = place(camera, 5, 4, 9);
    expect(left).toBeCloseTo(36, 3);
    expect(right).toBeCloseTo(764, 3);
    expect(top).toBeGreaterThan(36);
    expect(bottom).toBeLessThan(600 - 36);
    expect(bottom).toBeGreaterThan(top);
  });

  it("shows the ball within the bounds in 3-D, from any side", () => {
    for (let turn = 0; turn < 8; turn++) {
      const camera = orbited(fitCamera(bounds, size, "3d"), turn, turn / 4 - 1);
      for (let i = 0; i < 64; i++) {
        const [around, up] = [i, Math.sin(i * 7)];
        const flat = Math.sqrt(1 - up * up) * 4;
        const ball = [
          1 + flat * Math.cos(around),
          2 + 4 * up,
          3 + flat * Math.sin(around),
        ] as const;
        const [x = -1, y = -1] = place(camera, ...ball);
        expect(Math.hypot(x - 400, y - 300)).toBeLessThan(300 - 35);
      }
    }
  });
});

describe("zoomed", () => {
  it("keeps what is under the pointer in place, also when turned", () => {
    for (const mode of ["2d", "3d"] as const) {
      const before = fitCamera(bounds, size, mode);
      const after = zoomed(before, size, 3, { x: 620, y: 140 });
      const kept = panned(before, 400 - 620, 300 - 140).center;
      expect(place(before, ...kept).slice(0, 2)).toEqual([
        expect.closeTo(620, 4),
        expect.closeTo(140, 4),
      ]);
      expect(place(after, ...kept).slice(0, 2)).toEqual([
        expect.closeTo(620, 4),
        expect.closeTo(140, 4),
      ]);
    }
  });

  it("stops at its limits without moving", () => {
    let camera = fitCamera(bounds, size, "2d");
    for (let i = 0; i < 60; i++) camera = zoomed(camera, size, 2, { x: 0, y: 0 });
    expect(camera.scale / camera.fitScale).toBe(5000);
    expect(zoomed(camera, size, 2, { x: 0, y: 0 })).toEqual(camera);
  });
});

it("pans by pixels", () => {
  const camera = fitCamera(bounds, size, "2d");
  const [x = 0, y = 0] = place(panned(camera, 30, -12), 1, 2, 3);
  expect([x, y]).toEqual([expect.closeTo(430, 4), expect.closeTo(288, 4)]);
});

it("brings a position into view, and only if it is not", () => {
  for (const mode of ["2d", "3d"] as const) {
    const camera = zoomed(fitCamera(bounds, size, mode), size, 6, { x: 400, y: 300 });
    const [x = -1, y = -1] = place(revealing(camera, size, [5, 4, 3]), 5, 4, 3);
    expect(x).toBeGreaterThan(0);
    expect(x).toBeLessThan(800);
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(600);
    expect(revealing(camera, size, [1, 2, 3])).toBe(camera);
  }
});

it("never turns over the poles", () => {
  const camera = orbited(fitCamera(bounds, size, "3d"), 0, 100);
  expect(camera.pitch).toBe(Math.PI / 2);
});

it("keeps the zoom when the host changes size", () => {
  const camera = zoomed(fitCamera(bounds, size, "2d"), size, 4, { x: 400, y: 300 });
  const smaller = resized(camera, fitCamera(bounds, { width: 400, height: 600 }, "2d"));
  expect(smaller.scale / smaller.fitScale).toBeCloseTo(4);
  expect(smaller.center).toEqual(camera.center);
});

it("goes from one camera to another, both ends included", () => {
  const from = fitCamera(bounds, size, "2d");
  const to = fitCamera(bounds, size, "3d");
  expect(between(from, to, 0)).toEqual(from);
  expect(between(from, to, 1).perspective).toBe(1);
  expect(between(from, to, 1).scale).toBeCloseTo(to.scale);
});

describe("Projection", () => {
  it("agrees with its matrix, which the shader uses", () => {
    const camera = orbited(fitCamera(bounds, size, "3d"), 0.4, 0.2);
    const { matrix, center } = new Projection(camera, size);
    const [x, y, z] = [2.5 - center[0], 1 - center[1], 3.5 - center[2]];
    const clip = [0, 1, 2, 3].map((row) => {
      const [a = 0, b = 0, c = 0, d = 0] = [0, 4, 8, 12].map((column) => matrix[column + row]);
      return a * x + b * y + c * z + d;
    });
    const [cx = 0, cy = 0, , cw = 1] = clip;
    const [px, py, depth] = place(camera, 2.5, 1, 3.5);
    expect(px).toBeCloseTo((0.5 + cx / cw / 2) * 800, 2);
    expect(py).toBeCloseTo((0.5 - cy / cw / 2) * 600, 2);
    expect(depth).toBeCloseTo(cw, 5);
  });

  it("draws nearer points larger: their distance is smaller", () => {
    const camera = { ...fitCamera(bounds, size, "3d"), yaw: 0, pitch: 0 };
    expect(place(camera, 1, 2, 4)[2]).toBeLessThan(1);
    expect(place(camera, 1, 2, 2)[2]).toBeGreaterThan(1);
  });

  it("has no place for NaN, infinity, and what is behind the eye", () => {
    const out = new Float64Array([7, 7, 7]);
    const projection = new Projection({ ...fitCamera(bounds, size, "3d"), yaw: 0, pitch: 0 }, size);
    expect(projection.project(Float64Array.of(Number.NaN, 0, 0), 0, out)).toBe(false);
    expect(projection.project(Float64Array.of(0, Number.POSITIVE_INFINITY, 0), 0, out)).toBe(false);
    expect(projection.project(Float64Array.of(1, 2, 1e6), 0, out)).toBe(false);
  });
});

describe("axes that fill the view", () => {
  const thin = { center: [1, 2, 3], half: [4, 0.6, 1] } as const;

  it("reach from side to side and from top to bottom", () => {
    const camera = fitCamera(thin, size, "2d", "fill");
    expect(place(camera, -3, 1.4, 3).slice(0, 2)).toEqual([
      expect.closeTo(36, 3),
      expect.closeTo(600 - 36, 3),
    ]);
    expect(place(camera, 5, 2.6, 3).slice(0, 2)).toEqual([
      expect.closeTo(800 - 36, 3),
      expect.closeTo(36, 3),
    ]);
  });

  it("do not blow up an axis along which next to nothing happens", () => {
    const flat = { ...thin, half: [4, 1e-6, 1] } as const;
    expect(fitCamera(flat, size, "2d", "fill").stretch[1]).toBe(64);
  });

  it("pan and zoom by pixels all the same", () => {
    const camera = panned(fitCamera(thin, size, "2d", "fill"), 30, -12);
    expect(place(camera, 1, 2, 3).slice(0, 2)).toEqual([
      expect.closeTo(430, 4),
      expect.closeTo(288, 4),
    ]);
    const nearer = zoomed(camera, size, 3, { x: 430, y: 288 });
    expect(place(nearer, 1, 2, 3).slice(0, 2)).toEqual([
      expect.closeTo(430, 4),
      expect.closeTo(288, 4),
    ]);
  });

  it("fill the ball in 3-D, too", () => {
    const camera = fitCamera(thin, size, "3d", "fill");
    const reach = thin.half.map((half, axis) => half * (camera.stretch[axis] ?? 0));
    expect(reach.every((one) => Math.abs(one - thin.half[0]) < 1e-9)).toBe(true);
    expect(fitCamera(thin, size, "3d").stretch).toEqual([1, 1, 1]);
  });
});
