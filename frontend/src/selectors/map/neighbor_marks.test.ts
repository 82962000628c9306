/** Tests which neighbors the map marks. */

import { expect, it } from "vitest";
import { filled, seriesWith, stateOf } from "../../../test/series";
import type { NeighborChange } from "../../api/contract.gen";
import { initialState } from "../../state/state";
import { neighborMarks } from "./neighbor_marks";

function marksWith(selection: readonly number[]) {
  const state = stateOf([seriesWith({ vocab_size: 1000 })], initialState({ selection }));
  const answer = { index: 7, gained: [1, 2], kept: [3], lost: [4] };
  const change = filled(answer as unknown as NeighborChange);
  return [...neighborMarks({ ...state, slots: { ...state.slots, change } })];
}

it("marks the neighbors of the inspected token, and none of another or of a crowd", () => {
  expect(marksWith([5, 7])).toEqual([
    [3, "kept"],
    [1, "gained"],
    [2, "gained"],
    [4, "lost"],
  ]);
  expect(marksWith([7, 5])).toEqual([]);
  expect(marksWith([...Array(500).keys()].map((row) => (row === 499 ? 7 : row + 8)))).toEqual([]);
});
