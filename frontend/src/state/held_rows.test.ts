/** Tests that links and storage name rows of the table, whichever rows the page holds. */
import { describe, expect, it } from "vitest";
import { seriesWith, stateOf } from "../../test/series";
import { asHeld, FAR, numberingOf } from "../api/row_numbering";
import { inHeldRows, inTableRows, withFarRows } from "./held_rows";
import { initialState } from "./state";
import type { View } from "./view";

function opened(run: string) {
  const series = asHeld(seriesWith({ run, vocab_size: 100, shown_rows: 10 }));
  const numbering = numberingOf(series);
  if (!numbering) throw new Error("the rows are not numbered");
  return { state: stateOf([series]), numbering };
}

describe("the rows of a view", () => {
  it("are those of the table in a link, whatever the page calls them", () => {
    const { state, numbering } = opened("link");
    const sets = [{ name: "some", color: 0, rows: [97, 5] }];
    const linked: View = { ...initialState().view, selection: [42, 97], isolated: [97, 42], sets };
    const view = inHeldRows(linked, state);
    expect(view.selection.every((number) => number < numbering.count)).toBe(true);
    expect(view.isolated).toEqual([...(view.isolated ?? [])].sort((a, b) => a - b));
    expect(inTableRows(view, state)).toMatchObject({ selection: [42, 97], sets });
  });

  it("are held once they are selected where the page does not hold them", () => {
    const { numbering } = opened("far");
    const view = { ...initialState().view, selection: [3, FAR + 77] };
    const changed = withFarRows(view, numbering);
    expect(changed.selection).toEqual([3, numbering.numberOf(77)]);
    expect(withFarRows(changed, numbering)).toBe(changed);
  });

  it("stay as they are where the table has no such row", () => {
    const { state, numbering } = opened("none");
    const view = inHeldRows({ ...initialState().view, selection: [100] }, state);
    expect(withFarRows(view, numbering)).toBe(view);
    expect(inTableRows(view, state).selection).toEqual([100]);
  });
});
