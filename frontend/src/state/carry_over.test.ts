/** Tests how tokens are carried over to another series. */

import { describe, expect, it } from "vitest";
import { filled, seriesWith, stateOf } from "../../test/series";
import { isolate, patchView, selectRows } from "./actions";
import { openSeries } from "./carry_over";
import { followSeries } from "./follow_series";
import { saveSelection } from "./set_actions";
import { initialState, type State } from "./state";

/** The order in which saved selections get their colors. */
const COLORS = [1, 2, 3, 4, 5, 0];

const VOCABULARIES: Readonly<Record<string, readonly string[]>> = {
  a: ["good", "bad", "king", "queen"],
  b: ["queen", "bad", "new", "good"],
};
const SERIES = Object.keys(VOCABULARIES).map((run) =>
  seriesWith({ run, has_tokens: true, columns_id: run, checksums: [run.charCodeAt(0), 2, 3] }),
);

/** The state once the tokens of the run on screen are there. */
function loaded(state: State): State {
  const there = followSeries(stateOf(SERIES, state));
  const tokens = filled({ tokens: [...(VOCABULARIES[there.onScreen?.run ?? "a"] ?? [])] });
  return followSeries({ ...there, slots: { ...there.slots, tokens } });
}

const opened = (run: string, state: State) => loaded(openSeries(run, "words")(state));
const onA = loaded(initialState({ run: "a", tag: "words" }));

describe("another run", () => {
  it("gets the selection, the isolated and the saved tokens, where it has them", () => {
    const state = isolate([0, 2])(saveSelection("mine", COLORS)(selectRows([2, 0, 3])(onA)));
    const onB = opened("b", state);
    expect(onB.view.selection).toEqual([3, 0]);
    expect(onB.view.isolated).toEqual([3]);
    expect(onB.view.sets).toMatchObject([{ name: "mine", rows: [3, 0] }]);
    const lacks = { tokens: 1, of: 3 };
    expect(onB.passing.notice).toMatchObject({ kind: "fewer", run: "b", lacks });
    // The way back loses nothing, unless the user changed it.
    expect(opened("a", onB).view.selection).toEqual([2, 0, 3]);
    expect(opened("a", selectRows([1])(onB)).view.selection).toEqual([1]);
  });

  it("says nothing where it has all of them", () => {
    const onB = opened("b", selectRows([1])(onA));
    expect(onB.view.selection).toEqual([1]);
    expect(onB.passing.notice).toBeNull();
  });

  it("gets them, too, when the user goes on before its tokens are there", () => {
    const passed = openSeries("b", "words")(selectRows([3])(onA));
    const back = opened("a", followSeries(stateOf(SERIES, passed)));
    expect(back.view.selection).toEqual([3]);
  });

  it("keeps its own set of the same name, and what it was left with where none is carried", () => {
    const sets = [{ name: "mine", color: 1, rows: [2] }];
    const savedViews = {
      [JSON.stringify(["b", "words"])]: { entries: { selection: "2" }, vocabulary: "b" },
    };
    const onB = opened("b", patchView({ sets })({ ...onA, savedViews }));
    expect(onB.view.selection).toEqual([2]);
    const own = [{ name: "mine", color: 2, rows: [0] }];
    const again = opened("a", patchView({ sets: own })(onB));
    expect(again.view.sets).toMatchObject([{ name: "mine", rows: [3] }]);
  });
});

describe("what a run is compared with", () => {
  const all = [
    seriesWith({ run: "one", tag: "words", steps: [1, 2, 3] }),
    seriesWith({ run: "two", tag: "words", steps: [1, 2, 3] }),
    seriesWith({ run: "three", tag: "words", steps: [1, 2, 3] }),
    seriesWith({ run: "one", tag: "films", steps: [1] }),
    seriesWith({ run: "two", tag: "films", steps: [1] }),
    seriesWith({ run: "three", tag: "places", steps: [1] }),
  ];
  const against = {
    referenceRun: "two",
    referenceTag: "words",
    reference: 2,
    seeds: ["one", "two"],
  };
  const compared = stateOf(all, initialState({ run: "one", tag: "words", step: 1, ...against }));
  const pair = (run: string, tag: string) => {
    const { view } = openSeries(run, tag)(compared);
    return [view.step, view.referenceRun, view.referenceTag, view.reference];
  };

  it("stays for another run", () => {
    expect(pair("three", "words")).toEqual([null, "two", "words", 2]);
    expect(openSeries("three", "words")(compared).view.seeds).toEqual(["one", "two"]);
  });

  it("changes places with the run on screen, and so do their steps", () => {
    expect(pair("two", "words")).toEqual([2, "one", "words", 1]);
  });

  it("goes on to the other embedding, where both runs have it", () => {
    expect(pair("one", "films")).toEqual([null, "two", "films", null]);
    expect(pair("three", "places")).toEqual([null, null, null, null]);
  });
});
