/** Tests the saved selections. */

import { expect, it } from "vitest";
import { seriesWith, stateOf } from "../../test/series";
import { setColorsOf, setsByRow } from "../selectors/map/set_colors";
import { patchView, selectRows, wholeView } from "./actions";
import { BrowserStorage } from "./browser_storage";
import { decodeView, encodeView, leftOutOfLink } from "./link/link_entries";
import { recolorSet, removeSet, saveSelection, selectSet, toggleSet } from "./set_actions";
import { initialState, type State } from "./state";
import type { RowSet } from "./view";

/** The order in which saved selections get their colors. */
const COLORS = [1, 2, 3, 4, 5, 0];

const after = (...changes: ((state: State) => State)[]) =>
  changes.reduce((state, change) => change(state), initialState());

const slotsOf = (rows: number) => stateOf([seriesWith({ vocab_size: rows })]).slots;

it("keeps selections under their names, and brings them back", () => {
  const state = after(
    selectRows([3, 1]),
    saveSelection(" verbs ", COLORS),
    selectRows([7]),
    saveSelection("nouns", COLORS),
    saveSelection("  ", COLORS),
  );
  expect(state.view.sets).toEqual([
    { name: "verbs", color: 1, rows: [3, 1] },
    { name: "nouns", color: 2, rows: [7] },
  ]);
  expect(selectSet("verbs", false)(state).view.selection).toEqual([3, 1]);
  expect(selectSet("verbs", true)(state).view.selection).toEqual([7, 3, 1]);
  expect(selectSet("none", false)(state)).toBe(state);
});

it("replaces one of the same name, recolors and removes", () => {
  const state = after(
    selectRows([1]),
    saveSelection("a", COLORS),
    recolorSet("a"),
    selectRows([2]),
    saveSelection("a", COLORS),
    saveSelection("b", COLORS),
  );
  expect(state.view.sets).toEqual([
    { name: "a", color: 2, rows: [2] },
    { name: "b", color: 1, rows: [2] },
  ]);
  expect(removeSet("a")(state).view.sets.map(({ name }) => name)).toEqual(["b"]);
});

it("is shown in its color until that is switched off, which a link and the browser keep", () => {
  const state = after(
    selectRows([1]),
    saveSelection("a", COLORS),
    selectRows([2, 1]),
    saveSelection("b", COLORS),
  );
  const rows = { ...state, slots: slotsOf(4) };
  expect([...(setColorsOf(rows) ?? [])]).toEqual([0, 3, 3, 0]);
  expect(
    setsByRow(rows)
      .get(1)
      ?.map(({ name }) => name),
  ).toEqual(["a", "b"]);
  const less = toggleSet("b")(rows);
  expect([...(setColorsOf(less) ?? [])]).toEqual([0, 2, 0, 0]);
  expect(setColorsOf(toggleSet("a")(less))).toBeNull();
  expect(decodeView(encodeView(less.view)).sets).toEqual([
    { name: "a", color: 1, rows: [1] },
    { name: "b", color: 2, rows: [2, 1], hidden: true },
  ]);
  expect(toggleSet("b")(less).view.sets).toEqual(state.view.sets);
});

it("stays when a view is opened that says nothing of it, or has others", () => {
  const own: RowSet = { name: "own", color: 1, rows: [3] };
  const state = { ...after(patchView({ sets: [own] })), slots: slotsOf(4) };
  expect(wholeView({ step: 0 })(state).view.sets).toEqual([own]);
  const other: RowSet = { name: "other", color: 2, rows: [1] };
  const opened = wholeView({ sets: [other] })(state).view.sets;
  expect(opened).toEqual([other, { ...own, hidden: true }]);
  const same = { ...own, rows: [1] };
  expect(wholeView({ sets: [same] })(state).view.sets).toEqual([same]);
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
  const storage = new BrowserStorage({
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
  });
  const rows = Array.from({ length: 5000 }, (_, at) => at * 37);
  storage.keepSets("here", "1", [{ name: "x", color: 2, rows }]);
  expect(storage.sets("here", "1")).toEqual([{ name: "x", color: 2, rows }]);
  expect(storage.sets("here", "2")).toEqual([]);
  expect(storage.sets("there", "1")).toEqual([]);
  items.set("wordembed.sets", '{"here": {"vocabulary": "1", "sets": [{"name": 1}]}}');
  expect(storage.sets("here", "1")).toEqual([]);
});
