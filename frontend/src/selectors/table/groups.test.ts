/** Tests the groups of the table. */

import { describe, expect, it } from "vitest";
import { filled, questionFor, seriesWith, stateOf } from "../../../test/series";
import type { Groups } from "../../api/contract.gen";
import { groupBy, patchPassing, patchView, selectRows } from "../../state/actions";
import type { State } from "../../state/state";
import { highlightedMask } from "../map/dimmed_points";
import {
  groupByOf,
  hoveredGroupMask,
  movedMost,
  rowsOfGroup,
  SETS,
  selectedName,
  shownGroups,
} from "./groups";

const GENRE = "column:genre";
const start = stateOf([
  seriesWith({
    vocab_size: 6,
    columns: [
      { name: "genre", kind: "text" },
      { name: "year", kind: "number" },
    ],
  }),
]);
const drift = { from_step: 0, to_step: 10, alignment: null, measure: "cosine" as const };
const values = Float32Array.of(0.1, 0.5, 0.2, Number.NaN, 0.9, 0.3);

function answer(change: Partial<Groups> = {}): Groups {
  return {
    job: { id: "", state: "done", progress: 1, message: "", error: "" },
    names: ["Drama", "Horror", "War"],
    counts: [3, 2, 0],
    members: Int32Array.of(0, 0, 1, -1, 1, 0),
    drift: Float32Array.of(0.1, 0.3, 0.5, 0.2, 0.55, 0.9, Number.NaN, Number.NaN, Number.NaN),
    norm: Float32Array.of(1, 2, 3, 1, 1, 1, Number.NaN, Number.NaN, Number.NaN),
    unchanged: Float32Array.of(0.5, 0, Number.NaN),
    centroid_drift: Float32Array.of(0.2, 0.1, Number.NaN),
    spread_before: Float32Array.of(1, 1, Number.NaN),
    spread_after: Float32Array.of(1, 3, Number.NaN),
    inside_before: new Float32Array(3),
    inside_after: new Float32Array(3),
    ...change,
  };
}

const asked = { by: GENRE, against: "", lists: null, reference: 0, step: 10 };
const slots = {
  ...start.slots,
  drift: filled({ ...drift, values }),
  groups: filled({ ...asked, answer: answer() }),
};
const grouped = groupBy(GENRE)({ ...start, slots });
const names = (state: State) => shownGroups(state)?.map(({ name }) => name);

describe("groups in the table", () => {
  it("are of a column that the series has", () => {
    expect(groupByOf(grouped)).toBe(GENRE);
    expect(groupByOf(groupBy("column:director")(start))).toBe("");
    expect(names(groupBy("column:year")(grouped))).toBeUndefined();
  });

  it("say which neighbors are inside, once that is known of these steps", () => {
    const inside = (step: number) => {
      const found = answer({ inside_after: Float32Array.of(0.75, 0.5, Number.NaN) });
      const groupNeighbors = filled({ ...asked, step, answer: found });
      const state = { ...grouped, slots: { ...grouped.slots, groupNeighbors } };
      return shownGroups(state)?.map(({ insideAfter }) => insideAfter);
    };
    expect(inside(10)).toEqual([0.5, 0.75, Number.NaN]);
    expect(inside(5)).toEqual([0, 0, 0]);
  });

  it.each([
    ["drift", true, ["Horror", "Drama", "War"]],
    ["drift", false, ["Drama", "Horror", "War"]],
    ["centroid", true, ["Drama", "Horror", "War"]],
    ["spread", true, ["Horror", "Drama", "War"]],
    ["name", false, ["Drama", "Horror", "War"]],
    ["name", true, ["War", "Horror", "Drama"]],
  ])("are sorted by %s, those without a number last", (by, descending, expected) => {
    expect(names(patchView({ groupSort: { by, descending } })(grouped))).toEqual(expected);
  });

  it("have the tokens of their column", () => {
    expect(rowsOfGroup(grouped, 0)).toEqual([0, 1, 5]);
    expect(rowsOfGroup(grouped, 1)).toEqual([2, 4]);
    expect(rowsOfGroup(grouped, 2)).toEqual([]);
  });

  it("have a name when they are selected, and an order by how far their tokens moved", () => {
    const selected = selectRows(rowsOfGroup(grouped, 0))(grouped);
    expect(selectedName(selected)).toBe("Drama");
    expect(movedMost(selected, 2)).toEqual([1, 5]);
    expect(selectedName(selectRows([0, 1])(grouped))).toBeNull();
    const set = { name: "mine", color: 1, rows: [1, 0] };
    expect(selectedName(selectRows([0, 1])(patchView({ sets: [set] })(grouped)))).toBe("mine");
  });

  it("stand out on the map below the pointer", () => {
    const hovered = patchPassing({ hoveredGroup: 1 })(grouped);
    expect([...(highlightedMask(hovered) ?? [])]).toEqual([0, 0, 1, 0, 1, 0]);
    expect(hoveredGroupMask(groupBy("")(hovered))).toBeNull();
  });
});

describe("questions about groups", () => {
  const between = { from_step: 0, to_step: 10, measure: "cosine", run: "a", tag: "words" };

  it("name a column, and ask for curves once the groups are there", () => {
    const first = groupBy(GENRE)(start);
    const whole = { ...between, column: "genre", rows: "", k: 0 };
    expect(questionFor(first, "groups")).toEqual(whole);
    expect(questionFor(first, "allTokens")).toEqual({ ...whole, column: "" });
    expect(questionFor(first, "groupTrajectories")).toBeNull();
    expect(questionFor(grouped, "groupTrajectories")).toMatchObject({ column: "genre" });
  });

  it("list the rows of saved selections, and what the filter leaves", () => {
    const sets = [
      { name: "mine", color: 1, rows: [4, 1] },
      { name: "gone", color: 2, rows: [99] },
    ];
    const saved = patchView({ sets, groupBy: SETS })(start);
    expect(questionFor(saved, "groups")).toMatchObject({ column: "", rows: "4.1" });
    const years = filled({ numbers: [1, 2, 3, 4, 5, 6] });
    const filtered = patchView({ filter: "year > 4" })({
      ...saved,
      slots: { ...saved.slots, "column column:year": years },
    });
    expect(questionFor(filtered, "groups")).toMatchObject({ rows: "4.1,4.5" });
    expect(questionFor(patchView({ groupBy: SETS })(start), "groups")).toBeNull();
  });

  it("are asked about two selected tokens, and more", () => {
    expect(questionFor(selectRows([3])(start), "selectedGroup")).toBeNull();
    const two = selectRows([3, 1, 99])(start);
    expect(questionFor(two, "selectedGroup")).toMatchObject({ rows: "1.3" });
    expect(questionFor(two, "groups")).toBeNull();
  });
});
