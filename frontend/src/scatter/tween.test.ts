/** Tests the progress of animations. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Tween } from "./tween";

beforeEach(() => {
  vi.spyOn(performance, "now").mockReturnValue(1000);
});
afterEach(() => {
  vi.restoreAllMocks();
});

it("has begun when it was asked for, so that its first frame shows something new", () => {
  const tween = new Tween(600);
  const share = tween.at(1060);
  expect(share).toBeGreaterThan(0);
  expect(tween.at(1300)).toBe(0.5);
  expect(tween.at(1600)).toBe(1);
});

it("leaves half of itself to be seen where the first frame comes late", () => {
  const tween = new Tween(600);
  expect(tween.at(3000)).toBe(0.5);
  expect(tween.at(3300)).toBe(1);
});

it("begins with its first frame where that is of an earlier moment", () => {
  const tween = new Tween(600);
  expect([tween.at(990), tween.at(1290)]).toEqual([0, 0.5]);
});

it("is over at once without a duration", () => {
  expect(new Tween(0).at(1000)).toBe(1);
});
