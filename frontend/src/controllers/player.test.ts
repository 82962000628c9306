/** Tests the playing of the steps. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
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

describe("all in ten seconds", () => {
  const open = (steps: number): number[] => {
    const all = Array.from({ length: steps }, (_, step) => step);
    store.update((state) => stateOf([seriesWith({ steps: all })], state));
    store.update(patchPassing({ speed: "all" }));
    store.update(togglePlaying);
    return all;
  };
  const shown: number[] = [];

  beforeEach(() => {
    shown.length = 0;
    store.subscribe((state) => {
      const step = stepOf(state) ?? Number.NaN;
      if (shown.at(-1) !== step) shown.push(step);
    });
  });

  it.each([3, 12, 150, 400])("plays %d steps, and leaves frames out evenly", async (steps) => {
    const all = open(steps);
    await vi.advanceTimersByTimeAsync(9000);
    expect(store.state.passing.playing).toBe(true);
    await vi.advanceTimersByTimeAsync(1100);
    expect(shown.at(-1)).toBe(all.at(-1));
    const strides = shown.slice(1, -1).map((step, at) => step - (shown[at] ?? 0));
    expect(new Set(strides).size).toBe(1);
    expect(shown.length).toBeLessThanOrEqual(51);
  });

  it("makes up for frames that come late", async () => {
    open(400);
    for (let second = 0; second < 10; second++) {
      store.update(pending("step"));
      await vi.advanceTimersByTimeAsync(450);
      store.update(pending(null));
      await vi.advanceTimersByTimeAsync(550);
    }
    await vi.advanceTimersByTimeAsync(200);
    expect(shown.at(-1)).toBe(399);
  });
});
