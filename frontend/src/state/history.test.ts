/** Tests the going back and forth among views. */

import { describe, expect, it } from "vitest";
import { patchPassing, patchView, select } from "./actions";
import { noted, redo, undo, unnoted } from "./history";
import { initialState, type State } from "./state";

/** The state after changes at these times, each noted as the page does. */
function after(...changes: [at: number, change: (state: State) => State][]): State {
  return changes.reduce(
    (state, [at, change]) => noted(change(state), at),
    noted(initialState(), 0),
  );
}

const queryOf = (state: State) => state.view.query;

describe("undo and redo", () => {
  it("go back and forth through what was changed", () => {
    const changed = after([0, select(1)], [5000, select(2)], [9000, patchView({ mode: "3d" })]);
    const back = undo(undo(changed));
    expect([back.view.selection, back.view.mode]).toEqual([[1], "2d"]);
    const forth = redo(back);
    expect([forth.view.selection, forth.view.mode]).toEqual([[2], "2d"]);
    expect(redo(forth).view).toEqual(changed.view);
    expect(redo(changed)).toBe(changed);
    const first = undo(back);
    expect(undo(first)).toBe(first);
  });

  it("forget what was taken back once something else is done", () => {
    const back = undo(after([0, select(1)], [5000, select(2)]));
    const other = noted(select(7)(back), 9000);
    expect(redo(other)).toBe(other);
    expect(undo(other).view.selection).toEqual([1]);
  });

  it("take what was typed in one go as one", () => {
    const typed = after(
      [0, patchView({ query: "g" })],
      [300, patchView({ query: "go" })],
      [900, patchView({ query: "goo" })],
      [9000, patchView({ query: "goos" })],
    );
    expect(queryOf(undo(typed))).toBe("goo");
    expect(queryOf(undo(undo(typed)))).toBe("");
  });

  it("keep two clicks apart that come soon after each other", () => {
    const clicked = after([0, select(1)], [400, select(2)]);
    expect(undo(clicked).view.selection).toEqual([1]);
  });

  it("take playing as one, however long it lasts", () => {
    const played = after(
      [0, patchPassing({ playing: true })],
      [1000, patchView({ step: 1 })],
      [4000, patchView({ step: 2 })],
      [8000, patchView({ step: 3 })],
    );
    const back = undo(played);
    expect([back.view.step, back.passing.playing]).toEqual([null, false]);
  });

  it("note nothing where a change was changed back at once", () => {
    const toggled = after([0, patchView({ mode: "3d" })], [200, patchView({ mode: "2d" })]);
    expect(toggled.history.past).toEqual([]);
  });

  it("don't take back what the user did not do", () => {
    const changed = after([0, select(1)], [5000, unnoted(patchView({ query: "brought" }))]);
    expect(changed.history.past.length).toBe(1);
    expect(undo(changed).view).toMatchObject({ selection: [], query: "" });
  });

  it("don't mind a view that is written anew but says the same", () => {
    const again = after([0, select(1)], [5000, (state) => patchView({ selection: [1] })(state)]);
    expect(again.history.past.length).toBe(1);
  });
});
