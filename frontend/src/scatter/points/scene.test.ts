/** Tests the points of the map. */

import { afterEach, expect, it, vi } from "vitest";
import { Scene } from "./scene";

const now = vi.spyOn(performance, "now");

const [HERE, THERE, BEYOND] = [0, 1, 2].map((x) => Float32Array.of(x, 0, 0)) as [
  Float32Array,
  Float32Array,
  Float32Array,
];

/** A scene on its way from here to there, which takes 600 ms from 0 on. */
function moving(): Scene {
  const scene = new Scene();
  scene.setPositions(HERE);
  now.mockReturnValue(0);
  scene.motion.moveTo(THERE, 600);
  return scene;
}

afterEach(() => now.mockReset());

it("goes on from where the points are when they are sent elsewhere on the way", () => {
  const scene = moving();
  now.mockReturnValue(300);
  scene.motion.moveTo(BEYOND, 600);
  expect(scene.motion).toMatchObject({ from: Float32Array.of(0.5, 0, 0), to: BEYOND, share: 0 });
});

it("goes on from where they were to be once their time is over, though no frame showed it", () => {
  const scene = moving();
  scene.advance(0);
  now.mockReturnValue(700);
  scene.motion.moveTo(BEYOND, 600);
  expect(scene.motion.from).toBe(THERE);
  expect(scene.motion.to).toBe(BEYOND);
});

it("draws points by height in the layout, but some of many from all of it", () => {
  const count = 64_000;
  const scene = new Scene();
  const upwards = Float32Array.from({ length: 3 * count }, (_, i) => i / count);
  scene.setPositions(upwards);
  expect(tenthsOf(scene.order(count).slice(-count / 20))).toEqual([9]);
  expect(tenthsOf(scene.order(count - 1).slice(-count / 20))).toHaveLength(10);

  scene.arrange(upwards.toReversed());
  expect(tenthsOf(scene.order(count).slice(-count / 20))).toEqual([0]);

  /** In which tenths of the table, from below, there are ten or more of these points. */
  function tenthsOf(points: Uint32Array): number[] {
    const numbers = new Array<number>(10).fill(0);
    for (const point of points) (numbers[Math.floor((10 * point) / count)] as number)++;
    return numbers.flatMap((number, tenth) => (number < 10 ? [] : [tenth]));
  }
});

it("orders the points anew only when something that the order depends on has changed", () => {
  const scene = new Scene();
  scene.setPositions(new Float32Array(300));
  const order = scene.order(100);
  scene.setSelection([3]);
  expect(scene.order(100)).toBe(order);
  scene.priority = Uint32Array.of(7);
  expect(scene.order(100).at(-1)).toBe(7);
  scene.setVisible(new Uint8Array(100).fill(1, 0, 99));
  expect(scene.order(100)[0]).toBe(99);
  scene.setDrawn(new Uint8Array(100).fill(1, 0, 50));
  expect(scene.order(100)).toHaveLength(50);
});

it("marks the selected points that are drawn, and none that this table has not", () => {
  const scene = new Scene();
  scene.setPositions(new Float32Array(9));
  scene.setSelection([2, 0, 7]);
  expect(ringsOf(scene)).toEqual([["accent", 2, 0]]);
  scene.setDrawn(Uint8Array.of(0, 1, 1));
  expect(ringsOf(scene)).toEqual([["accent", 2]]);
  expect([0, 1, 2].map((index) => scene.isMarked(index))).toEqual([false, false, true]);
});

it("rings the neighbors of a token and always labels them, after the selected points", () => {
  const scene = new Scene();
  scene.setPositions(new Float32Array(15));
  scene.setSelection([4]);
  scene.setNeighbors(
    new Map([
      [0, "kept"],
      [1, "gained"],
      [2, "lost"],
    ]),
  );
  expect(ringsOf(scene)).toEqual([
    ["lost", 2],
    ["kept", 0],
    ["gained", 1],
    ["accent", 4],
  ]);
  expect(scene.named).toEqual([4, 0, 1, 2]);
  scene.setDrawn(Uint8Array.of(1, 0, 1, 1, 1));
  expect(scene.named).toEqual([4, 0, 2]);
});

it("dims what is filtered out and what does not stand out, of which only the former is lost", () => {
  const scene = new Scene();
  scene.setPositions(new Float32Array(9));
  scene.setVisible(Uint8Array.of(1, 1, 0));
  scene.setHighlighted(Uint8Array.of(1, 0, 1));
  expect([0, 1, 2].map((index) => scene.styles.isDimmed(index))).toEqual([false, true, true]);
  expect(scene.pickable).toEqual(Uint8Array.of(1, 1, 0));
  expect(scene.nameable).toEqual(Uint8Array.of(1, 0, 0));
  scene.setHighlighted(null);
  expect(scene.nameable).toEqual(scene.pickable);
});

/** Returns the points with a ring after the role of its color. */
function ringsOf({ rings }: Scene) {
  return rings.flatMap(({ role, points }) => (points.length ? [[role, ...points]] : []));
}
