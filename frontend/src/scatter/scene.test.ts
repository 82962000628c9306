/** Tests the points of the map. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Painter } from "./painter";
import { Scene } from "./scene";

const setTarget = vi.fn();
const painter = new Proxy({} as Painter, {
  get: (_, name) => (name === "setTarget" ? setTarget : () => undefined),
});
const now = vi.spyOn(performance, "now");

const [HERE, THERE, BEYOND] = [0, 1, 2].map((x) => Float32Array.of(x, 0, 0)) as [
  Float32Array,
  Float32Array,
  Float32Array,
];

/** A scene on its way from here to there, which takes 600 ms from 0 on. */
function moving(): Scene {
  const scene = new Scene(() => painter);
  scene.setPositions(HERE);
  now.mockReturnValue(0);
  void scene.moveTo(THERE, 600);
  return scene;
}

beforeEach(() => setTarget.mockClear());
afterEach(() => now.mockReset());

it("goes on from where the points are when they are sent elsewhere on the way", () => {
  const scene = moving();
  now.mockReturnValue(300);
  void scene.moveTo(BEYOND, 600);
  expect(setTarget).toHaveBeenLastCalledWith(BEYOND, Float32Array.of(0.5, 0, 0));
});

it("goes on from where they were to be once their time is over, though no frame showed it", () => {
  const scene = moving();
  scene.advance(0);
  now.mockReturnValue(700);
  void scene.moveTo(BEYOND, 600);
  expect(setTarget).toHaveBeenLastCalledWith(BEYOND, null);
  expect(scene.motion.from).toBe(THERE);
});

it("draws points by height in the layout, but some of many from all of it", () => {
  const count = 64_000;
  const scene = new Scene(() => painter);
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
