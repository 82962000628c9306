/** Tests the motion of the points. */

import { describe, expect, it, vi } from "vitest";
import { MISSING, PointMotion } from "./point_motion";

const nowhere = [Number.NaN, Number.NaN, Number.NaN];

function place(motion: PointMotion, index: number): number[] | null {
  const out = new Float64Array(3);
  return motion.at(index, out) ? [...out] : null;
}

describe("Motion", () => {
  it("goes from one frame to the next", () => {
    const motion = new PointMotion();
    motion.set(Float32Array.of(0, 0, 0, 1, 1, 1));
    motion.moveTo(Float32Array.of(2, 4, 8, 1, 1, 1), 1000);
    expect(place(motion, 0)).toEqual([0, 0, 0]);
    motion.share = 0.5;
    expect(place(motion, 0)).toEqual([1, 2, 4]);
    expect(place(motion, 1)).toEqual([1, 1, 1]);
    motion.share = 1;
    expect(place(motion, 0)).toEqual([2, 4, 8]);
  });

  it("is retargeted from where the points are, without a jump", () => {
    const clock = vi.spyOn(performance, "now").mockReturnValue(0);
    const motion = new PointMotion();
    motion.set(Float32Array.of(0, 0, 0, ...nowhere));
    motion.moveTo(Float32Array.of(2, 4, 8, 3, 3, 3), 1000);
    motion.advance(500);
    clock.mockReturnValue(500);
    const before = [place(motion, 0), place(motion, 1)];
    motion.moveTo(Float32Array.of(-1, -1, -1, 0, 0, 0), 1000);
    expect(before).toEqual([
      [1, 2, 4],
      [3, 3, 3],
    ]);
    expect([place(motion, 0), place(motion, 1)]).toEqual(before);
    clock.mockRestore();
  });

  it("lets points appear and disappear in place", () => {
    const motion = new PointMotion();
    motion.set(Float32Array.of(...nowhere, 5, 5, 5, ...nowhere));
    motion.moveTo(Float32Array.of(6, 6, 6, ...nowhere, ...nowhere), 1000);
    expect([0, 1, 2].map((i) => place(motion, i))).toEqual([null, [5, 5, 5], null]);
    motion.share = 0.5;
    expect([0, 1, 2].map((i) => place(motion, i))).toEqual([[6, 6, 6], [5, 5, 5], null]);
    motion.share = 1;
    expect([0, 1, 2].map((i) => place(motion, i))).toEqual([[6, 6, 6], null, null]);
  });

  it("says where all points are as it says where each is", () => {
    const motion = new PointMotion();
    motion.set(Float32Array.of(...nowhere, 5, 5, 5, ...nowhere, 1, 2, 3));
    motion.moveTo(Float32Array.of(6, 6, 6, ...nowhere, ...nowhere, 3, 2, 1), 1000);
    for (const share of [0, 0.25, 1]) {
      motion.share = share;
      const missing = new Array(3).fill(MISSING);
      const each = [0, 1, 2, 3].flatMap((index) => place(motion, index) ?? missing);
      expect([...motion.current()]).toEqual(each);
    }
  });

  it("marks rows with any non-finite coordinate, in a copy", () => {
    const motion = new PointMotion();
    const positions = Float32Array.of(1, Number.NaN, 3, 4, 5, Number.POSITIVE_INFINITY, 7, 8, 9);
    motion.set(positions);
    expect([...motion.to.slice(0, 6)]).toEqual(new Array(6).fill(MISSING));
    expect(positions[0]).toBe(1);
    const clean = Float32Array.of(1, 2, 3);
    motion.set(clean);
    expect(motion.to).toBe(clean);
  });

  it("knows no points outside of the table", () => {
    const motion = new PointMotion();
    motion.set(Float32Array.of(1, 2, 3));
    expect([place(motion, -1), place(motion, 1)]).toEqual([null, null]);
  });
});
