/** Tests fields of ways of points that move in known ways. */

import { expect, it } from "vitest";
import { windowOf } from "./field_window";
import { flowOf } from "./flow";

const WINDOW = windowOf({ x: 0, y: 0, perX: 100, perY: 100, width: 400, height: 300 });

/** Returns points all over the view, and where a motion takes them. */
function moved(motion: (x: number, y: number, point: number) => readonly [number, number]) {
  const before: number[] = [];
  const points: number[] = [];
  for (let x = -2; x < 2; x += 0.04) {
    for (let y = -1.5; y < 1.5; y += 0.04) {
      const [dx, dy] = motion(x, y, before.length / 3);
      before.push(x, y, 0);
      points.push(x + dx, y + dy, 0);
    }
  }
  return [Float32Array.from(points), Float32Array.from(before)] as const;
}

function flow(motion: Parameters<typeof moved>[0]) {
  const [points, before] = moved(motion);
  const { places, ways, agreement } = flowOf(points, before, WINDOW, null);
  return Array.from(agreement, (agrees, at) => ({
    x: places[2 * at] ?? 0,
    y: places[2 * at + 1] ?? 0,
    dx: ways[2 * at] ?? 0,
    dy: ways[2 * at + 1] ?? 0,
    agrees,
  }));
}

/** The places whose kernel sees points only. */
const inside = ({ x, y }: { x: number; y: number }) => Math.abs(x) < 1.3 && Math.abs(y) < 0.8;

it("shows a shift of all points as it is", () => {
  const found = flow(() => [0.3, -0.1]);
  expect(found.length).toBeGreaterThan(60);
  for (const { dx, dy, agrees } of found) {
    expect(dx).toBeCloseTo(0.3, 3);
    expect(dy).toBeCloseTo(-0.1, 3);
    expect(agrees).toBeCloseTo(1, 4);
  }
});

it("shows a turn and a stretch as they are", () => {
  const angle = 0.2;
  const turned = (x: number, y: number) =>
    [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)] as const;
  const found = flow((x, y) => {
    const [toX, toY] = turned(1.1 * x, 1.1 * y);
    return [toX - x, toY - y];
  }).filter(inside);
  expect(found.length).toBeGreaterThan(20);
  // What is at a place came from where the way back leads.
  for (const { x, y, dx, dy } of found) {
    const [toX, toY] = turned(1.1 * (x - dx), 1.1 * (y - dy));
    expect(Math.hypot(toX - x, toY - y)).toBeLessThan(0.03);
  }
});

it("says where points do not agree", () => {
  const found = flow((x, _, point) => [x < 0 ? 0.2 : point % 2 ? 0.2 : -0.2, 0]).filter(inside);
  for (const { x, agrees } of found) {
    if (x < -1) expect(agrees).toBeCloseTo(1, 3);
    if (x > 1) expect(agrees).toBeLessThan(0.1);
  }
});

it("is nowhere where no points were, and knows of none that were nowhere", () => {
  const [points, before] = moved((x) => (x < 0 ? [0.2, 0] : [Number.NaN, 0]));
  const { places } = flowOf(points, before, WINDOW, null);
  expect(places.length).toBeGreaterThan(0);
  for (let at = 0; at < places.length; at += 2) expect(places[at]).toBeLessThan(0.45);
  const none = new Uint8Array(points.length / 3);
  expect(flowOf(points, before, WINDOW, none).places).toHaveLength(0);
});
