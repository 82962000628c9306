/** Tests the request for the standard Projector. */

import { expect, it } from "vitest";
import { filled, seriesWith, stateOf } from "../../../test/series";
import type { Projector } from "../../api/contract.gen";
import { pointsOf, rowsOf } from "../../projector/shown_points";
import { nextPane } from "../../state/actions";
import { initialState, type State } from "../../state/state";
import { projectorAsk } from "./projector_request";

const OF = { run: "a", tag: "words", step: 3, reference_step: 0 };

function answer(rows: number[], indices = ""): Projector {
  return { rows: Int32Array.from(rows), indices } as Projector;
}

function stateWith(rows: number, selection: number[], shown: Projector | null = null): State {
  const series = seriesWith({ vocab_size: rows, steps: [0, 3] });
  const state = stateOf([series], initialState({ pane: "split", selection }));
  return shown ? { ...state, slots: { ...state.slots, projector: filled(shown) } } : state;
}

it("asks for nothing while the Projector is out of view", () => {
  const state = initialState();
  expect(projectorAsk(state, OF)).toBeNull();
});

it("asks for what is selected of a table too large to be shown whole, if it isn't shown", () => {
  expect(projectorAsk(stateWith(5000, [7]), OF)).toEqual(OF);
  expect(projectorAsk(stateWith(200_000, [7, 3]), OF)).toEqual({ ...OF, indices: "7.3" });
  const shown = answer([1, 3, 7], "1");
  expect(projectorAsk(stateWith(200_000, [7], shown), OF)).toEqual({ ...OF, indices: "1" });
  expect(projectorAsk(stateWith(200_000, [8], shown), OF)).toEqual({ ...OF, indices: "8" });
});

it("knows rows by points and points by rows", () => {
  const some = answer([2, 5, 9]);
  expect(pointsOf(some, [9, 3, 2])).toEqual([2, 0]);
  expect(rowsOf(some, [0, 2])).toEqual([2, 9]);
  expect(pointsOf(answer([]), [4])).toEqual([4]);
  expect(rowsOf(answer([]), [4])).toEqual([4]);
});

it("goes around the views", () => {
  const seen = [initialState()];
  for (let turn = 0; turn < 3; turn++) seen.push(nextPane(seen.at(-1) as State));
  expect(seen.map(({ view }) => view.pane)).toEqual(["map", "projector", "split", "map"]);
});
