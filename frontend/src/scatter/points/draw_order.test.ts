/** Tests the order in which points are drawn. */

import { describe, expect, it } from "vitest";
import { byHeight, drawOrder, shuffled } from "./draw_order";

type Mask = Uint8Array | null;

const ordered = (count: number, priority: Uint32Array, visible: Mask, drawn: Mask = null) =>
  drawOrder()(shuffled(count), priority, visible, drawn);

function isPermutation(order: Uint32Array, count: number): boolean {
  return new Set(order).size === count && order.length === count && Math.max(...order) < count;
}

describe("drawOrder", () => {
  it("draws every point once", () => {
    const mask = new Uint8Array(1000).map((_, i) => i % 3);
    for (const count of [1, 2, 63, 64, 65, 129, 1000]) {
      expect(isPermutation(ordered(count, Uint32Array.of(0), null), count)).toBe(true);
      expect(isPermutation(ordered(count, Uint32Array.of(0), mask), count)).toBe(true);
    }
    expect(ordered(0, new Uint32Array(0), null)).toHaveLength(0);
  });

  it("puts the most important points on top, the first last", () => {
    const order = ordered(100, Uint32Array.of(7, 3, 99), null);
    expect([...order.slice(-3)]).toEqual([99, 3, 7]);
  });

  it("puts filtered-out points below, important ones too", () => {
    const mask = new Uint8Array(100).fill(1);
    mask[7] = 0;
    mask[50] = 0;
    const order = ordered(100, Uint32Array.of(7, 3), mask);
    expect([...order.slice(0, 2)].sort()).toEqual([50, 7].sort());
    expect(order[99]).toBe(3);
  });

  it("lifts only a share, or dense places would show the most important only", () => {
    const priority = Uint32Array.from({ length: 1000 }, (_, i) => i);
    const order = ordered(1000, priority, null);
    expect(order[999]).toBe(0);
    expect(order[899]).not.toBe(100);
  });

  it("takes no notice of numbers that are no points", () => {
    expect(isPermutation(ordered(20, Uint32Array.of(5, 4000), null), 20)).toBe(true);
  });

  it("goes by the points of now, whatever it was asked before", () => {
    const order = drawOrder();
    const all = Uint8Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 0 : 1));
    const some = Uint8Array.from({ length: 300 }, (_, i) => (i % 5 === 0 ? 0 : 1));
    const asked: Parameters<typeof ordered>[] = [
      [300, Uint32Array.of(7, 3, 299), null],
      [300, Uint32Array.of(299, 298, 7), null],
      [300, Uint32Array.of(299, 298, 7), all],
      [300, Uint32Array.of(7, 298, 3), all, some],
      [200, Uint32Array.of(298, 9), null],
    ];
    for (const [count, priority, visible, drawn = null] of asked) {
      const points = shuffled(count);
      expect([...order(points, priority, visible, drawn)]).toEqual([
        ...ordered(count, priority, visible, drawn),
      ]);
    }
  });

  it("leaves out what is not drawn", () => {
    const drawn = Uint8Array.from({ length: 100 }, (_, i) => (i < 60 ? 1 : 0));
    const order = ordered(100, Uint32Array.of(70, 5), null, drawn);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
    expect(order.at(-1)).toBe(5);
  });
});

describe("byHeight", () => {
  it("has every point once, each at about the height of the one before or above", () => {
    const heights = Float32Array.from({ length: 5000 }, (_, i) => Math.cos(i) * 10 ** (i % 7));
    const points = byHeight(ofHeights(heights));
    expect(isPermutation(points, heights.length)).toBe(true);
    let highest = Number.NEGATIVE_INFINITY;
    for (const point of points) {
      const height = heights[point] as number;
      // Bands are finer than a hundredth of the height.
      expect(highest - height).toBeLessThan(Math.abs(height) / 100);
      highest = Math.max(highest, height);
    }
  });

  it("shuffles points of one height", () => {
    expect([...byHeight(ofHeights(new Float32Array(1000)))]).toEqual([...shuffled(1000)]);
  });
});

function ofHeights(heights: Float32Array): Float32Array {
  return Float32Array.from({ length: 3 * heights.length }, (_, i) =>
    i % 3 === 1 ? (heights[(i - 1) / 3] as number) : 0,
  );
}
