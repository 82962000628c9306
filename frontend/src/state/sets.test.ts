import { expect, it } from "vitest";
import { patchView, selectRows } from "./actions";
import { Memory } from "./memory";
import { recolorSet, removeSet, saveSelection, selectSet } from "./sets";
import { initialState, type RowSet, type State } from "./state";
import { decodeView, encodeView, leftOutOfLink } from "./url";

const after = (...changes: ((state: State) => State)[]) =>
  changes.reduce((state, change) => change(state), initialState());

it("keeps selections under their names, and brings them back", () => {
  const state = after(
    selectRows([3, 1]),
    saveSelection(" verbs "),
    selectRows([7]),
    saveSelection("nouns"),
    saveSelection("  "),
  );
  expect(state.view.sets).toEqual([
    { name: "verbs", color: 0, rows: [3, 1] },
    { name: "nouns", color: 1, rows: [7] },
  ]);
  expect(selectSet("verbs", false)(state).view.selection).toEqual([3, 1]);
  expect(selectSet("verbs", true)(state).view.selection).toEqual([7, 3, 1]);
  expect(selectSet("none", false)(state)).toBe(state);
});

it("replaces one of the same name, recolors and removes", () => {
  const state = after(
    selectRows([1]),
    saveSelection("a"),
    recolorSet("a"),
    selectRows([2]),
    saveSelection("a"),
    saveSelection("b"),
  );
  expect(state.view.sets).toEqual([
    { name: "a", color: 1, rows: [2] },
    { name: "b", color: 0, rows: [2] },
  ]);
  expect(removeSet("a")(state).view.sets.map(({ name }) => name)).toEqual(["b"]);
});

it("goes into a link where it fits, and says so where it does not", () => {
  const hostile: RowSet[] = [
    { name: "a|b:c,d %", color: 5, rows: [4, 2] },
    { name: "日本", color: 0, rows: Array.from({ length: 100 }, (_, row) => row) },
  ];
  const { view } = after(patchView({ sets: hostile }));
  const { sets } = decodeView(encodeView(view));
  expect(sets?.map(({ name, color }) => [name, color])).toEqual([
    ["a|b:c,d %", 5],
    ["日本", 0],
  ]);
  expect(sets?.map(({ rows }) => new Set(rows))).toEqual(hostile.map(({ rows }) => new Set(rows)));
  const scattered = Array.from({ length: 5000 }, (_, at) => at * 37);
  const large = after(patchView({ sets: [{ name: "x", color: 0, rows: scattered }] })).view;
  expect(leftOutOfLink(large)).toEqual(["sets"]);
  for (const sets of ["x", "x:9:1", "x:0:y", "%:0:1", ":0:1"]) {
    expect(decodeView({ sets })).toEqual({});
  }
});

it("is kept with the browser, whatever its size, for its vocabulary only", () => {
  const items = new Map<string, string>();
  const memory = new Memory({
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  });
  const rows = Array.from({ length: 5000 }, (_, at) => at * 37);
  memory.keepSets("here", "1", [{ name: "x", color: 2, rows }]);
  expect(memory.sets("here", "1")).toEqual([{ name: "x", color: 2, rows }]);
  expect(memory.sets("here", "2")).toEqual([]);
  expect(memory.sets("there", "1")).toEqual([]);
  items.set("wordembed.sets", '{"here": {"vocabulary": "1", "sets": [{"name": 1}]}}');
  expect(memory.sets("here", "1")).toEqual([]);
});
