/** Tests the changes of the state. */

import { describe, expect, it } from "vitest";
import { foundIn } from "../../test/found";
import { seriesWith, stateOf } from "../../test/series";
import type { Series } from "../api/contract.gen";
import { Vocabulary } from "../search/vocabulary_search";
import { labelPriority } from "../selectors/map/label_priority";
import { driftSummary } from "../selectors/shared/drift_summary";
import { minFrequencyOf } from "../selectors/shared/frequency";
import { bestMatches, leftOut, whyLeftOut } from "../selectors/table/search_matches";
import { rankingOf } from "../selectors/table/table_order";
import {
  compareSteps,
  goToStep,
  moveReference,
  moveStep,
  patchView,
  select,
  setReference,
  sortBy,
  togglePlaying,
} from "./actions";
import { openSeries } from "./carry_over";
import { inspectedRow, previousStep, referenceOf, seriesOf, sortOf, stepOf } from "./current";
import { initialState, NO_SEARCH, type State } from "./state";

function series(run: string, steps: number[]): Series {
  return seriesWith({
    run,
    steps,
    has_tokens: true,
    columns: [{ name: "Count", kind: "number" }],
    frequency_column: "Count",
  });
}

const state = stateOf([series("a", [0, 5, 6, 100]), series("b", [1, 2])]);

describe("steps", () => {
  it("start at the newest, measured from the first", () => {
    expect([stepOf(state), referenceOf(state), previousStep(seriesOf(state), 100)]).toEqual([
      100, 0, 6,
    ]);
  });

  it("keep the newest as newest, so that the page follows", () => {
    expect(goToStep(100)(goToStep(5)(state)).view.step).toBeNull();
    expect(setReference(0)(setReference(5)(state)).view.reference).toBeNull();
  });

  it("fall back to the last one before a step that is not there", () => {
    expect(stepOf(patchView({ step: 50 })(state))).toBe(6);
    expect(stepOf(patchView({ step: -3 })(state))).toBe(0);
  });

  it("move by their order and stop at both ends", () => {
    const at = (offset: number) => stepOf(moveStep(offset)(goToStep(5)(state)));
    expect([at(-1), at(-9), at(1), at(Number.POSITIVE_INFINITY)]).toEqual([0, 0, 6, 100]);
    expect(referenceOf(moveReference(1)(state))).toBe(5);
    expect(moveStep(1)(state)).toBe(state);
  });

  it("play from the first when at the newest, and not at all with one step", () => {
    const playing = togglePlaying(state);
    expect([playing.passing.playing, stepOf(playing)]).toEqual([true, 0]);
    expect(togglePlaying(playing).passing.playing).toBe(false);
    expect(togglePlaying(stateOf([series("a", [3])])).passing.playing).toBe(false);
  });
});

describe("series", () => {
  it("is the first one, or the one asked for, or another tag of its run", () => {
    expect(seriesOf(state)?.run).toBe("a");
    expect(seriesOf(patchView({ run: "b", tag: "words" })(state))?.run).toBe("b");
    expect(seriesOf(patchView({ run: "b", tag: "gone" })(state))?.run).toBe("b");
    expect(seriesOf(initialState())).toBeNull();
  });

  it("starts afresh when opened, but stays when it is open already", () => {
    const busy = select(3)(goToStep(5)(state));
    expect(openSeries("a", "words")(busy)).toBe(busy);
    const other = openSeries("b", "words")(patchView({ query: "so" })(busy));
    expect([stepOf(other), other.view.selection, other.view.query]).toEqual([2, [], ""]);
  });

  it("knows its frequency column by name, whatever the case", () => {
    const numbers = [3, 5, null, 4];
    const value = { column: "Count", numbers, texts: null };
    const frequency = { value, key: "", pending: null, failure: null };
    const loaded = { ...state, slots: { ...state.slots, frequency } };
    expect(minFrequencyOf(loaded)).toBe(4);
    expect(minFrequencyOf(patchView({ minFrequency: 0 })(loaded))).toBe(0);
  });
});

it("is not inspected where the table has no such row", () => {
  expect(inspectedRow(patchView({ selection: [2, 99_999] })(state))).toBe(2);
  expect(inspectedRow(patchView({ selection: [99_999] })(state))).toBeNull();
});

describe("drift", () => {
  const values = Float32Array.of(0.2, -0.9, 0, 0.5);
  const value = {
    from_step: 0,
    to_step: 100,
    alignment: null,
    measure: "norm_change" as const,
    values,
  };
  const slot = { value, key: "", pending: null, failure: null };
  const moved = { ...state, slots: { ...state.slots, drift: slot } };

  it("is ranked by size, whichever way", () => {
    expect([...(labelPriority(moved) ?? [])]).toEqual([1, 3, 0, 2]);
    expect([...(rankingOf(moved)?.order ?? [])]).toEqual([1, 3, 0, 2]);
  });

  it("is summed up over the vocabulary", () => {
    const { median, largest, unmoved } = driftSummary(moved) ?? {};
    expect([median, largest, unmoved]).toEqual([(Math.fround(0.2) + 0.5) / 2, Math.fround(0.9), 1]);
  });

  it("leads the search to a match below the floor when there is none above", () => {
    const numbers = [50, 1, 50, 50];
    const frequency = {
      value: { column: "Count", numbers, texts: null },
      key: "",
      pending: null,
      failure: null,
    };
    const tokens = { value: { tokens: ["so", "evil", "bit", "it"] }, key: "", pending: null };
    const slots = { ...moved.slots, frequency, tokens: { ...tokens, failure: null } };
    const words = tokens.value.tokens;
    const find = (query: string) => {
      const found = foundIn(new Vocabulary(words), query);
      const searching = { ...moved, slots, search: { ...NO_SEARCH, ...found, of: words, query } };
      const { rare } = leftOut(searching);
      const best = bestMatches(searching);
      return { rare, best, why: best.map((row) => whyLeftOut(searching, row)) };
    };
    expect(find("evil")).toEqual({ rare: 1, best: [1], why: ["rare"] });
    // What starts with it comes first, and what the table leaves out last.
    expect(find("i")).toEqual({ rare: 1, best: [3, 2, 1], why: [null, null, "rare"] });
    expect(find("b")).toEqual({ rare: 0, best: [2], why: [null] });
    expect(find("it").best).toEqual([3, 2]);
    expect(find("xyz")).toEqual({ rare: 0, best: [], why: [] });
  });
});

describe("selection", () => {
  const selection = (...changes: ((state: State) => State)[]) =>
    changes.reduce((current, change) => change(current), state).view.selection;

  it("is replaced, added to and taken from", () => {
    expect(selection(select(1), select(2))).toEqual([2]);
    expect(selection(select(1), select(2, true))).toEqual([1, 2]);
    expect(selection(select(1), select(2, true), select(1, true))).toEqual([2]);
  });

  it("ends with a click on nothing, unless adding", () => {
    expect(selection(select(1), select(null))).toEqual([]);
    expect(selection(select(1), select(null, true))).toEqual([1]);
  });
});

it("compares two steps from the earlier to the later, whichever way they were brushed", () => {
  const asked: [number, number][] = [
    [5, 6],
    [6, 5],
  ];
  for (const [one, other] of asked) {
    const compared = compareSteps(one, other)(state);
    expect([referenceOf(compared), stepOf(compared)]).toEqual([5, 6]);
  }
});

it("sorts numbers from the largest and tokens from the first, then the other way", () => {
  const token = sortBy("token")(state);
  expect(token.view.sort).toEqual({ by: "token", descending: false });
  expect(sortOf(sortBy("token")(token)).descending).toBe(true);
  expect(sortOf(sortBy("frequency")(token)).descending).toBe(true);
  // It is sorted by drift before a click.
  expect(sortBy("drift")(state).view.sort).toEqual({ by: "drift", descending: false });
});
