/** Tests the places of steps on the timeline. */

import { describe, expect, it } from "vitest";
import {
  bandPath,
  inBox,
  linePath,
  namedSteps,
  nearestStep,
  shareOf,
  valuesAt,
} from "./step_geometry";

it("places steps at their true places", () => {
  expect([0, 1, 10].map((step) => shareOf([0, 1, 10], step))).toEqual([0, 0.1, 1]);
  expect(shareOf([7], 7)).toBe(0.5);
});

it("finds the step closest to a place", () => {
  expect(nearestStep([0, 1, 10], 0.4)).toBe(1);
  expect(nearestStep([0, 1, 10], 0.6)).toBe(10);
  expect(nearestStep([0, 1, 10], -1)).toBe(0);
  expect(nearestStep([], 0.5)).toBeNull();
});

it("leaves gaps out of lines and bands", () => {
  const box = inBox([0, 1, 2], 2);
  expect(linePath([0, 1, 2], [null, 1, 2], box)).toBe("M50 55L100 10");
  expect(linePath([0, 1, 2], [1, null, 2], box)).toBe("M0 55h0M100 10h0");
  expect(bandPath([0, 1, 2], [0, 0, 0], [null, 1, 2], box)).toBe("M50 55L100 10L100 100L50 100Z");
  expect(bandPath([0, 1, 2], [0, 0, 0], [null, null, null], box)).toBe("");
});

it("names the steps that have room, and always the first and the last", () => {
  const steps = [0, 1, 2, 5, 9, 10];
  expect(namedSteps(steps, 1000, 48)).toEqual(steps);
  expect(namedSteps(steps, 200, 48)).toEqual([0, 5, 10]);
  expect(namedSteps(steps, 30, 48)).toEqual([0, 10]);
  expect(namedSteps([7], 200, 48)).toEqual([7]);
  expect(namedSteps([], 200, 48)).toEqual([]);
});

describe("values at other steps", () => {
  it.each([
    ["between two", [5], [2]],
    ["at the same", [0, 10, 20], [1, 3, null]],
    ["before and after all", [-1, 21], [null, null]],
    ["beside what is not known", [15], [null]],
  ])("%s", (_, steps, expected) => {
    expect(valuesAt(steps, [0, 10, 20], [1, 3, null])).toEqual(expected);
  });
});
