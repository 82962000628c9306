/** Tests which points of the map are dimmed. */

import { expect, it } from "vitest";
import { filled, seriesWith, stateOf } from "../../../test/series";
import { initialState } from "../../state/state";
import type { View } from "../../state/view";
import { highlightedMask, keptMask } from "./dimmed_points";

const series = seriesWith({
  frequency_column: "count",
  columns: [{ name: "count", kind: "number" }],
});

function stateWith(view: Partial<View>) {
  const state = stateOf([series], initialState(view));
  const values = Float32Array.of(0.1, 0.5, 0.9, 0.2);
  const drift = filled({
    from_step: 0,
    to_step: 10,
    alignment: null,
    measure: "cosine" as const,
    values,
  });
  const frequency = filled({ column: "count", numbers: [9, 2, 7, 1], texts: null });
  return { ...state, slots: { ...state.slots, drift, frequency } };
}

it.each<[string, Partial<View>, number[] | null]>([
  ["nothing is asked for, though the ranking has a floor", {}, null],
  ["a filter", { filter: "drift > 0.4" }, [0, 1, 1, 0]],
  ["a floor that the user chose", { minFrequency: 5 }, [1, 0, 1, 0]],
  ["both", { filter: "drift > 0.4", minFrequency: 5 }, [0, 0, 1, 0]],
  [
    "a filter by frequency, to which no floor applies",
    { filter: "frequency < 5", minFrequency: 5 },
    [0, 1, 0, 1],
  ],
  ["a filter that can't be read", { filter: "drift >" }, null],
])("leaves on the map what the table lists: %s", (_, view, expected) => {
  const mask = keptMask(stateWith(view));
  expect(mask && [...mask]).toEqual(expected);
});

it("makes a large selection stand out, unless it is all that is drawn", () => {
  const many = Array.from({ length: 400 }, (_, row) => row);
  expect(highlightedMask(stateWith({ selection: [1, 2] }))).toBeNull();
  expect(highlightedMask(stateWith({ selection: many }))).toEqual(Uint8Array.of(1, 1, 1, 1));
  expect(highlightedMask(stateWith({ selection: many, isolated: many }))).toBeNull();
});
