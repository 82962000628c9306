/** Tests how many points a frame holds while the map moves. */

import { expect, it } from "vitest";
import { FrameBudget, LEAST_POINTS } from "./frame_budget";

const MANY = 8 * LEAST_POINTS;

/** A GPU that takes so many milliseconds for each 100,000 points, on a screen of 60 frames a second. */
function machine(msOfLeast: number, count = MANY) {
  const budget = new FrameBudget();
  let now = 0;
  return {
    budget,
    play(frames: number) {
      for (let at = 0; at < frames; at++) {
        budget.drew(now, true, count);
        const drawn = Math.min(budget.points, count);
        now += Math.max(1000 / 60, (msOfLeast * drawn) / LEAST_POINTS);
      }
    },
  };
}

it("begins with few points, and draws all of them where there is time", () => {
  const { budget, play } = machine(0.5);
  expect(budget.points).toBe(LEAST_POINTS);
  play(100);
  expect(budget.points).toBeGreaterThanOrEqual(MANY);
});

it("stays at the fewest where even these take long", () => {
  const { budget, play } = machine(90);
  play(200);
  expect(budget.points).toBe(LEAST_POINTS);
});

it("settles at what a frame holds, and seldom tries more", () => {
  const { budget, play } = machine(12);
  const seen: number[] = [];
  for (let frame = 0; frame < 1000; frame++) {
    play(1);
    seen.push(budget.points);
  }
  const changes = seen.filter((points, at) => at > 0 && points !== seen[at - 1]);
  expect(Math.max(...seen)).toBeLessThan(MANY);
  expect(changes.length).toBeLessThan(20);
});

it("takes a rest between two frames for no slow frame", () => {
  const { budget, play } = machine(0.5);
  play(100);
  const { points } = budget;
  for (let at = 0; at < 20; at++) budget.drew(10_000 + 1000 * at, false, MANY);
  expect(budget.points).toBe(points);
});

it("learns from frames that come one by one, as a drag asks for them", () => {
  const budget = new FrameBudget();
  for (let at = 0; at < 100; at++) budget.drew(16 * at, false, MANY);
  expect(budget.points).toBeGreaterThanOrEqual(MANY);
});

it("asks for no more points than there are", () => {
  const { budget, play } = machine(0.5, 3000);
  play(500);
  expect(budget.points).toBe(LEAST_POINTS);
});
