/** Tests the regions of maps whose heaps are known. */

import { expect, it } from "vitest";
import { randomNumbers } from "../../test/random_numbers";
import { windowOf } from "./field_window";
import { type Region, regionsOf } from "./regions";
import { steadied } from "./steady_regions";

const WINDOW = windowOf({ x: 0, y: 0, perX: 100, perY: 100, width: 600, height: 400 });
const HEAPS = [
  [-1.8, 1],
  [1.5, 0.9],
  [0.2, -1.1],
] as const;
const EACH = 300;

/** Returns points around the heaps, in their order, about `spread` from them. */
function heaps(
  spread = 0.25,
  seed = 3,
  places: readonly (readonly [number, number])[] = HEAPS,
): Float32Array {
  const next = randomNumbers(seed);
  const around = () => spread * (next() + next() + next() - 1.5) * 1.6;
  return Float32Array.from(
    places.flatMap(([x, y]) =>
      Array.from({ length: EACH }, () => [x + around(), y + around(), 0]).flat(),
    ),
  );
}

function regions(
  points: Float32Array,
  before: Float32Array | null = null,
  frequency: Float32Array | null = null,
): Region[] {
  return regionsOf({ points, before, drawn: null, frequency }, WINDOW);
}

/** The place of the heap that a region is nearest to. */
function heapOf({ x, y }: Region): number {
  const far = HEAPS.map(([cx, cy]) => Math.hypot(x - cx, y - cy));
  return far.indexOf(Math.min(...far));
}

it("finds each heap, with its tokens and no others", () => {
  const found = regions(heaps());
  expect(found.map(heapOf).sort()).toEqual([0, 1, 2]);
  for (const region of found) {
    const [x, y] = HEAPS[heapOf(region)] ?? [0, 0];
    expect(Math.hypot(region.x - x, region.y - y)).toBeLessThan(0.25);
    const heap = [...region.members].map((row) => Math.floor(row / EACH));
    expect(new Set(heap)).toEqual(new Set([heapOf(region)]));
    expect(heap.length).toBeGreaterThan(0.8 * EACH);
    expect([region.came, region.left, region.moved]).toEqual([null, null, null]);
  }
});

it("tells heaps at opposite edges of the window apart", () => {
  const edge = WINDOW.left + 0.05;
  const found = regions(
    heaps(0.25, 3, [
      [edge, 0],
      [-edge, 0],
    ]),
  );
  expect(found.map(({ x }) => Math.sign(x)).sort()).toEqual([-1, 1]);
});

it("names a region by tokens near its peak, the frequent ones before the rare", () => {
  const points = heaps();
  const common = EACH + 5;
  // In the middle of the second heap, beside a rare one that is just as near.
  points.set([...HEAPS[1], 0], 3 * common);
  points.set([...HEAPS[1], 0], 3 * (common + 1));
  const frequency = new Float32Array(3 * EACH).fill(1);
  frequency[common] = 10_000;
  const found = regions(points, null, frequency).find((region) => heapOf(region) === 1);
  expect(found?.names[0]?.token).toBe(common);
  const scores = found?.names.map(({ score }) => score) ?? [];
  expect(scores).toEqual([...scores].sort((a, b) => b - a));
  // 1 + ln(10,000) times the kernel.
  const rare = found?.names.find(({ token }) => token === common + 1);
  if (rare) expect((scores[0] ?? 0) / rare.score).toBeCloseTo(1 + Math.log(10_000));
});

it("tells which tokens came, which left, and how far the others moved", () => {
  const before = heaps();
  const points = before.slice();
  // Twenty go from the first heap to the second; the third moves to the right by a tenth.
  for (let row = 0; row < 20; row++) {
    points.set(before.subarray(3 * (EACH + row), 3 * (EACH + row) + 3), 3 * row);
  }
  for (let row = 2 * EACH; row < 3 * EACH; row++) points[3 * row] = (points[3 * row] ?? 0) + 0.6;
  const found = new Map(regions(points, before).map((region) => [heapOf(region), region]));
  const movers = Array.from({ length: 20 }, (_, row) => row);
  const came = [...(found.get(1)?.came ?? [])];
  const left = [...(found.get(0)?.left ?? [])];
  expect(came.filter((row) => row >= 20)).toEqual([]);
  expect(came.length).toBeGreaterThan(15);
  expect(left.every((row) => movers.includes(row))).toBe(true);
  expect(left.length).toBeGreaterThan(15);
  expect(found.get(2)?.moved).toBeCloseTo(0.6 / 6, 2);
  expect(found.get(0)?.moved).toBeCloseTo(0, 2);
});

it("has no regions where there are no points, or none drawn", () => {
  expect(regions(new Float32Array())).toEqual([]);
  const points = heaps();
  const drawn = new Uint8Array(points.length / 3);
  expect(regionsOf({ points, before: null, drawn, frequency: null }, WINDOW)).toEqual([]);
  expect(regions(points.map(() => Number.NaN))).toEqual([]);
});

it("keeps ids and names while points move a little, and gives new ones to new heaps", () => {
  let shown = steadied([], regions(heaps()), WINDOW);
  const ids = new Map(shown.map((region) => [heapOf(region), region.id]));
  let changes = 0;
  for (let step = 0; step < 10; step++) {
    const points = heaps();
    const next = randomNumbers(step + 50);
    for (let at = 0; at < points.length; at++)
      points[at] = (points[at] ?? 0) + 0.04 * (next() - 0.5);
    const after = steadied(shown, regions(points), WINDOW);
    for (const region of after) {
      expect(region.id).toBe(ids.get(heapOf(region)));
      const old = shown.find(({ id }) => id === region.id)?.names.map(({ token }) => token) ?? [];
      changes += region.names.filter(({ token }) => !old.includes(token)).length;
    }
    shown = after;
  }
  // Of 10 steps x 3 regions x 3 names.
  expect(changes).toBeLessThan(45);
  const far = heaps().map((value, at) => (at % 3 === 0 ? value - 0.9 : value));
  for (const { id } of steadied(shown, regions(far), WINDOW)) {
    expect([...ids.values()]).not.toContain(id);
  }
});
