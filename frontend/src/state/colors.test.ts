import { describe, expect, it } from "vitest";
import type { ColumnValues, Drift, Series } from "../api/contract.gen";
import { colorByOf, colorsOf } from "./colors";
import { initialState, type Slot, type State, type View } from "./state";
import { wants } from "./wants";

const series: Series = {
  run: "a",
  tag: "words",
  description: "",
  vocab_size: 4,
  embedding_dim: 2,
  dtype: "float32",
  steps: [0, 5, 10],
  wall_times: [0, 5, 10],
  has_tokens: false,
  columns: [
    { name: "count", kind: "number" },
    { name: "part", kind: "text" },
  ],
  columns_id: "1",
};

function filled<T>(value: T): Slot<T> {
  return { value, key: "", pending: null, failure: null };
}

function drift(from_step: number, to_step: number, ...values: number[]): Drift {
  return { from_step, to_step, measure: "cosine", values: Float32Array.from(values) };
}

function stateWith(slots: Partial<State["slots"]>, view: Partial<View> = {}): State {
  const state = initialState(view);
  const index = filled({ scanning: false, series: [series], problems: [] });
  return { ...state, slots: { ...state.slots, index, ...slots } };
}

function column(values: Partial<ColumnValues> & { column: string }): Partial<State["slots"]> {
  return { color: filled({ numbers: null, texts: null, ...values }) };
}

describe("colorByOf", () => {
  it("falls back to drift where the series has no such column", () => {
    const lost = stateWith({}, { colorBy: "column:gone" });
    expect(colorByOf(lost)).toBe("drift");
    expect(wants(lost).color).toBeNull();
    const state = stateWith({}, { colorBy: "column:count" });
    expect(colorByOf(state)).toBe("column:count");
    expect(wants(state).color).toMatchObject({ column: "count" });
  });
});

describe("colors by drift", () => {
  it("are scaled by the newest step, so that they keep their meaning", () => {
    const newestDrift = filled(drift(0, 10, 0, 1, 2, 4.5));
    const colors = colorsOf(stateWith({ drift: filled(drift(0, 5, 0, 1, 1, 1)), newestDrift }));
    expect([colors?.domain, colors?.cut, colors?.whole]).toEqual([[0, 4.5], [false, false], false]);
  });

  it("are scaled by their own step where it lies before the reference", () => {
    const newestDrift = filled(drift(5, 10, 0, 0.1, 0.1, 0.1));
    const before = filled(drift(5, 0, 0, 3, 3, 3));
    expect(colorsOf(stateWith({ drift: before, newestDrift }))?.domain).toEqual([0, 3]);
  });

  it("are not scaled by another measure, whose answer is still there", () => {
    const newestDrift = filled({ ...drift(0, 10, 0, 9, 9, 9), measure: "euclidean" as const });
    const now = filled(drift(0, 5, 0, 1, 1, 1));
    expect(colorsOf(stateWith({ drift: now, newestDrift }))?.domain).toEqual([0, 1]);
  });

  it("are none where no value is finite", () => {
    const nan = Number.NaN;
    expect(colorsOf(stateWith({ drift: filled(drift(0, 5, nan, nan, nan, nan)) }))).toBeNull();
  });

  it("say where values lie beyond the ends", () => {
    const values = Array.from({ length: 400 }, (_, row) => (row ? row / 400 : -50));
    const colors = colorsOf(stateWith({ drift: filled(drift(0, 10, ...values)) }));
    expect([colors?.cut, colors?.diverging]).toEqual([[true, true], false]);
  });
});

describe("colors by a column", () => {
  it("know whole numbers, and missing ones", () => {
    const slots = column({ column: "count", numbers: [4, null, 90, 7] });
    const colors = colorsOf(stateWith(slots, { colorBy: "column:count" }));
    expect([colors?.whole, colors?.domain]).toEqual([true, [4, 90]]);
    const halves = column({ column: "count", numbers: [4.5, null, 90, 7] });
    expect(colorsOf(stateWith(halves, { colorBy: "column:count" }))?.whole).toBe(false);
  });

  it("hold on to one value that all rows share", () => {
    const slots = column({ column: "count", numbers: [5, 5, 5, 5] });
    const colors = colorsOf(stateWith(slots, { colorBy: "column:count" }));
    expect([colors?.domain, colors?.cut]).toEqual([
      [0, 5],
      [false, false],
    ]);
  });

  it("name the most frequent texts, and gather the others", () => {
    const view = { colorBy: "column:part" };
    const few = column({ column: "part", texts: ["verb", "noun", "noun", ""] });
    expect(colorsOf(stateWith(few, view))).toMatchObject({
      categories: ["noun", "verb", ""],
      values: Float32Array.of(1, 0, 0, 2),
    });
    const many = column({ column: "part", texts: [..."abcdefgh", "c"] });
    const colors = colorsOf(stateWith(many, view));
    expect(colors?.categories).toEqual(["c", "a", "b", "d", "e", "f", null]);
    expect(colors?.values.slice(6)).toEqual(Float32Array.of(6, 6, 0));
  });
});
