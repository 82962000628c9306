/** Tests the progress of animations. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Tween } from "./tween";

beforeEach(() => {
  vi.spyOn(performance, "now").mockReturnValue(1000);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Returns the shares of an animation of 600 ms at these times. */
function sharesAt(...times: number[]): number[] {
  const tween = new Tween();
  tween.begin(600);
  return times.map((now) => {
    expect(tween.advance(now)).toBe(tween.share < 1);
    return tween.share;
  });
}

it("has begun when it was asked for, so that its first frame shows something new", () => {
  const [first, ...others] = sharesAt(1060, 1300, 1600);
  expect(first).toBeGreaterThan(0);
  expect(others).toEqual([0.5, 1]);
});

it("leaves half of itself to be seen where the first frame comes late", () => {
  expect(sharesAt(3000, 3300)).toEqual([0.5, 1]);
});

it("begins with its first frame where that is of an earlier moment", () => {
  expect(sharesAt(990, 1290)).toEqual([0, 0.5]);
});

it("is over at once without a duration, and where motion is not wanted", () => {
  const tween = new Tween();
  tween.begin(0);
  expect([tween.share, tween.advance(1000)]).toEqual([1, false]);
  vi.spyOn(window, "matchMedia").mockReturnValue({ matches: true } as MediaQueryList);
  tween.begin(600);
  expect([tween.share, tween.advance(1000)]).toEqual([1, false]);
});
