/** Tests the step that the map shows. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { questionFor, seriesWith, stateOf } from "../../test/series";
import { Previewer } from "../controllers/previewer";
import { goToStep, hoverStep, patchPassing } from "./actions";
import { mapStep, previewedStep, stepOf } from "./current";
import { Store } from "./store";

let store: Store;

beforeEach(() => {
  vi.useFakeTimers();
  store = new Store(stateOf([seriesWith({ steps: [0, 1, 2, 5] })]));
  new Previewer(store);
});

afterEach(() => void vi.useRealTimers());

it("shows on the map the step of a chart that the pointer rests on, and goes back", async () => {
  store.update(hoverStep(1, true));
  expect(mapStep(store.state)).toBe(5);
  await vi.advanceTimersByTimeAsync(60);
  store.update(hoverStep(2, true));
  await vi.advanceTimersByTimeAsync(60);
  expect(mapStep(store.state)).toBe(5);
  await vi.advanceTimersByTimeAsync(60);
  expect([mapStep(store.state), stepOf(store.state)]).toEqual([2, 5]);
  expect(questionFor(store.state, "positions")?.step).toBe(2);
  expect(questionFor(store.state, "previewDrift")?.to_step).toBe(2);
  expect(questionFor(store.state, "drift")?.to_step).toBe(5);
  store.update(hoverStep(null, true));
  expect(mapStep(store.state)).toBe(2);
  await vi.advanceTimersByTimeAsync(300);
  expect(mapStep(store.state)).toBe(5);
  expect(questionFor(store.state, "previewDrift")).toBeNull();
});

it("stays at the step once it is clicked", async () => {
  store.update(hoverStep(2, true));
  await vi.advanceTimersByTimeAsync(200);
  store.update(goToStep(2));
  expect([mapStep(store.state), previewedStep(store.state)]).toEqual([2, null]);
});

it("does not follow the pointer on the timeline, while playing, or in a film", async () => {
  store.update(hoverStep(1));
  await vi.advanceTimersByTimeAsync(500);
  expect(mapStep(store.state)).toBe(5);
  store.update(hoverStep(1, true));
  await vi.advanceTimersByTimeAsync(500);
  expect(mapStep(store.state)).toBe(1);
  expect(mapStep(patchPassing({ playing: true })(store.state))).toBe(5);
  expect(mapStep(patchPassing({ filming: 300 })(store.state))).toBe(5);
});
