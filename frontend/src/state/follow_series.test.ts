/** Tests what becomes of the view when its series is not in the log, or another one. */

import { describe, expect, it } from "vitest";
import { filled, seriesWith, stateOf } from "../../test/series";
import type { Series } from "../api/contract.gen";
import { patchView, select } from "./actions";
import { openSeries } from "./carry_over";
import { seriesOf } from "./current";
import { followSeries } from "./follow_series";
import { initialState, type State } from "./state";

const ALPHA = seriesWith({ run: "alpha", checksums: [1, 2, 3] });
const BETA = seriesWith({ run: "beta", checksums: [4, 5, 6] });

/** The state once the log holds these series. */
const after = (state: State, ...series: Series[]) => followSeries(stateOf(series, state));
const drift = filled({
  from_step: 0,
  to_step: 10,
  measure: "cosine" as const,
  alignment: null,
  values: new Float32Array(4),
});

/** Beta is on screen with its drift, and row 3 is selected. */
function onBeta(): State {
  const opened = after(after(initialState(), ALPHA, BETA), ALPHA, BETA);
  const state = after(select(3)(openSeries("beta", "words")(opened)), ALPHA, BETA);
  return { ...state, slots: { ...state.slots, drift } };
}

describe("a series on screen", () => {
  it("leaves its answers and rows to nobody when it is deleted", () => {
    const state = after(onBeta(), ALPHA);
    expect(seriesOf(state)?.run).toBe("alpha");
    expect(state.view).toMatchObject({ run: "alpha", selection: [] });
    expect(state.slots.drift.value).toBeNull();
    expect(state.passing.notice).toMatchObject({ kind: "deleted", run: "beta", tag: "words" });
    // To go back would be to go back to it.
    expect(after(state, ALPHA)).toEqual(state);
  });

  it("comes back as it was left, also where nothing was left to show", () => {
    for (const others of [[ALPHA], []]) {
      const gone = after(onBeta(), ...others);
      expect(after(gone, ...others)).toEqual(gone);
      const back = after(gone, ...others, BETA);
      expect(back.view).toMatchObject({ run: "beta", selection: [3] });
      expect(back.passing.notice).toBeNull();
      expect(back.slots.drift.value).toBeNull();
    }
  });

  it("keeps its rows when it is written anew, if they have the same tokens", () => {
    const anew = after(onBeta(), ALPHA, { ...BETA, checksums: [7, 8, 9] });
    expect(anew.view.selection).toEqual([3]);
    expect(anew.slots.drift.value).toBeNull();
    expect(anew.passing.notice).toMatchObject({ kind: "anew", run: "beta" });
    const others = after(onBeta(), { ...BETA, checksums: [7], columns_id: "2" });
    expect(others.view.selection).toEqual([]);
    expect(others.history.past).toEqual([]);
  });

  it("keeps its rows while it grows, and its answers while it only gets new steps", () => {
    const state = onBeta();
    const longer = { ...BETA, steps: [0, 5, 10, 15], checksums: [4, 5, 6, 7] };
    expect(after(state, ALPHA, longer).slots.drift.value).not.toBeNull();
    const more = after(state, ALPHA, { ...longer, vocab_size: 9, columns_id: "2" });
    expect(more.view.selection).toEqual([3]);
    expect(more.slots.drift.value).toBeNull();
    expect(more.passing.notice).toBeNull();
  });
});

describe("a series that a link asks for", () => {
  const link = (tag: string | null) => initialState({ run: "nope", tag, selection: [3] });

  it("is shown once it is there, and another one until then, without rows of the link", () => {
    const missing = after(link("words"), ALPHA);
    expect(missing.view).toMatchObject({ run: "alpha", selection: [] });
    expect(missing.passing.notice).toMatchObject({ kind: "missing", run: "nope" });
    const there = after(missing, ALPHA, { ...BETA, run: "nope" });
    expect(there.view).toMatchObject({ run: "nope", selection: [3] });
    // Who picks another one waits no longer.
    const picked = openSeries("beta", "words")(after(link(null), ALPHA, BETA));
    expect(after(picked, ALPHA, BETA, { ...BETA, run: "nope" }).view.run).toBe("beta");
  });

  it("may still come while the log is read", () => {
    const index = filled({
      scanning: true,
      series: [ALPHA],
      problems: [],
      incomplete: [],
      layouts: [],
    });
    const state = { ...link(null), slots: { ...initialState().slots, index } };
    expect(followSeries(state)).toBe(state);
    expect(seriesOf(state)).toBeNull();
  });

  it("is one of the tags of its run, if it is not the very one", () => {
    const state = after(initialState({ run: "alpha", tag: "gone" }), BETA, ALPHA);
    expect(state.view).toMatchObject({ run: "alpha", tag: "words" });
    expect(state.passing.notice).toMatchObject({ kind: "missing", run: "alpha", tag: "gone" });
  });
});

it("forgets the rows of an earlier visit if the tokens are others now", () => {
  const visited = { run: "beta", tag: "words", rows: null, vocabulary: "1", first: null };
  const left = {
    ...initialState({ run: "beta", tag: "words", selection: [3] }),
    onScreen: visited,
  };
  expect(after(left, BETA).view.selection).toEqual([3]);
  const others = after(left, { ...BETA, columns_id: "2" });
  expect(others.view.selection).toEqual([]);
  expect(others.passing.notice).toBeNull();
  expect(patchView({})(others).view.run).toBe("beta");
});
