/** Tests the playing of the steps. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { seriesWith, stateOf } from "../../test/series";
import { goToStep, patchPassing, togglePlaying } from "../state/actions";
import { stepOf } from "../state/current";
import type { State } from "../state/state";
import { Store } from "../state/store";
import { Player } from "./player";

const pending =
  (key: string | null) =>
  (state: State): State => {
    const positions = { ...state.slots.positions, pending: key };
    return { ...state, slots: { ...state.slots, positions } };
  };

let store: Store;

beforeEach(() => {
  vi.useFakeTimers();
  store = new Store(stateOf([seriesWith({ steps: [0, 1, 5, 100] })]));
  new Player(store);
});

afterEach(() => {
  vi.useRealTimers();
});

/** The step on screen after each second. */
async function played(seconds: number): Promise<(number | null)[]> {
  const steps: (number | null)[] = [];
  for (let second = 0; second < seconds; second++) {
    await vi.advanceTimersByTimeAsync(1000);
    steps.push(stepOf(store.state));
  }
  return steps;
}

it("goes from the first step to the newest and ends there", async () => {
  store.update(togglePlaying);
  expect(stepOf(store.state)).toBe(0);
  expect(await played(5)).toEqual([1, 5, 100, 100, 100]);
  expect(store.state.passing.playing).toBe(false);
});

it("starts over where it should loop", async () => {
  store.update(patchPassing({ loop: true }));
  store.update(togglePlaying);
  expect(await played(5)).toEqual([1, 5, 100, 0, 1]);
  expect(store.state.passing.playing).toBe(true);
});

it("goes as fast as it is told", async () => {
  store.update(patchPassing({ speed: 2 }));
  store.update(togglePlaying);
  expect(await played(2)).toEqual([5, 100]);
});

it("waits for positions that are on their way", async () => {
  store.update(togglePlaying);
  store.update(pending("step 0"));
  expect(await played(3)).toEqual([0, 0, 0]);
  store.update(pending(null));
  expect(await played(1)).toEqual([1]);
});

it("goes on to a step that arrives while it plays", async () => {
  store.update(goToStep(1));
  store.update(togglePlaying);
  expect(await played(1)).toEqual([5]);
  store.update((state) => stateOf([seriesWith({ steps: [0, 1, 5, 100, 120] })], state));
  expect(store.state.passing.playing).toBe(true);
  expect(await played(2)).toEqual([100, 120]);
});
