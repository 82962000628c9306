/** Tests the loop that draws frames. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { FrameLoop } from "./frame_loop";

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
  const moves = [true, true, false];
  const draw = vi.fn(() => moves.shift() ?? false);
  const loop = new FrameLoop(
    draw,
    () => false,
    () => false,
  );
  loop.ask();
  loop.ask();
  for (let at = 0; at < 6; at++) nextFrame(16 * at);
  expect(draw).toHaveBeenCalledTimes(3);
});

it("waits until the frame before is done, without drawing, but not for who can't wait", () => {
  let busy = true;
  const draw = vi.fn(() => false);
  const loop = new FrameLoop(
    draw,
    () => false,
    () => busy,
  );
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
