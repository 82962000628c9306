/** Tests the loop that draws frames. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type After, FrameLoop } from "./frame_loop";

let waiting: FrameRequestCallback[] = [];

beforeEach(() => {
  waiting = [];
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) =>
    waiting.push(callback),
  );
  vi.stubGlobal("cancelAnimationFrame", () => {
    waiting = [];
  });
});

afterEach(() => vi.unstubAllGlobals());

function nextFrame(now: number): void {
  const callbacks = waiting;
  waiting = [];
  for (const callback of callbacks) callback(now);
}

it("draws once for many who ask, and on while something moves", () => {
  const after: After[] = ["moves", "moves"];
  const draw = vi.fn(() => after.shift() ?? "done");
  const loop = new FrameLoop(draw, () => false);
  expect(loop.isPending).toBe(false);
  loop.ask();
  loop.ask();
  for (let at = 0; at < 6; at++) {
    expect(loop.isPending).toBe(at < 3);
    nextFrame(16 * at);
  }
  expect(draw).toHaveBeenCalledTimes(3);
});

it("waits until the frame before is done, without drawing, but not for who can't wait", () => {
  let busy = true;
  const draw = vi.fn((): After => "done");
  const loop = new FrameLoop(draw, () => busy);
  loop.ask();
  nextFrame(0);
  nextFrame(16);
  expect(draw).not.toHaveBeenCalled();
  loop.now();
  expect(draw).toHaveBeenCalledTimes(1);
  loop.ask();
  nextFrame(32);
  expect(draw).toHaveBeenCalledTimes(1);
  busy = false;
  nextFrame(48);
  nextFrame(64);
  expect(draw).toHaveBeenCalledTimes(2);
});

it("finishes part by part once all is still, and leaves it at that where somebody asks", () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  let parts = 0;
  const draw = vi.fn((_now: number, settled: boolean): After => {
    if (settled) parts++;
    return parts < 1000 ? "unfinished" : "done";
  });
  const loop = new FrameLoop(draw, () => false);
  loop.ask();
  nextFrame(0);
  vi.advanceTimersByTime(100);
  expect(parts).toBe(0);
  expect(loop.isPending).toBe(true);
  vi.advanceTimersByTime(70);
  const some = parts;
  expect(some).toBeGreaterThan(0);
  expect(some).toBeLessThan(1000);
  loop.ask();
  nextFrame(200);
  vi.advanceTimersByTime(100);
  expect(parts).toBe(some);
  vi.advanceTimersByTime(5000);
  expect(parts).toBe(1000);
  vi.useRealTimers();
});
