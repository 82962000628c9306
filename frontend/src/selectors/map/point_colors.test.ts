/** Tests the colors and sizes of the points. */

import { describe, expect, it } from "vitest";
import { filled, questionFor, seriesWith, stateOf } from "../../../test/series";
import type { Drift } from "../../api/contract.gen";
import type { Values } from "../../filter/filter_operators";
import type { ColumnSlotName } from "../../state/slots";
import { initialState, type State } from "../../state/state";
import type { View } from "../../state/view";
import { rowsWhere } from "../../util/row_lists";
import { drawnMask } from "./drawn_points";
import {
  colorByOf,
  colorsOf,
  isColorless,
  onScale,
  otherColorStep,
  sizeByOf,
  sizesOf,
} from "./point_colors";

const series = seriesWith({
  frequency_column: "count",
  columns: [
    { name: "count", kind: "number" },
    { name: "part", kind: "text" },
  ],
});

function drift(from_step: number, to_step: number, ...values: number[]): Drift {
  return {
    from_step,
    to_step,
    measure: "cosine",
    alignment: null,
    values: Float32Array.from(values),
  };
}

function stateWith(slots: Partial<State["slots"]>, view: Partial<View> = {}): State {
  const state = stateOf([series], initialState(view));
  return { ...state, slots: { ...state.slots, ...slots } };
}

/** A state in which the values of a logged column are there. */
function withColumn(
  column: string,
  values: Values | readonly (number | null)[],
  view: Partial<View> = {},
): State {
  const state = { ...stateWith({}, { colorBy: `column:${column}`, ...view }) };
  if (Array.isArray(values)) {
    const frequency = filled({ column, numbers: [...values], texts: null });
    return { ...state, slots: { ...state.slots, frequency } };
  }
  const name: ColumnSlotName = `column column:${column}`;
  return stateWith({ [name]: filled(values as Values) } as never, state.view);
}

describe("colorByOf", () => {
  it("falls back to drift where the series has no such column", () => {
    expect(colorByOf(stateWith({}, { colorBy: "column:gone" }))).toBe("drift");
    expect(colorByOf(stateWith({}, { colorBy: "trend" }))).toBe("drift");
    expect(colorByOf(stateWith({}, { colorBy: "column:part" }))).toBe("column:part");
  });

  it("knows the frequency by either name", () => {
    expect(colorByOf(stateWith({}, { colorBy: "column:count" }))).toBe("frequency");
    expect(sizeByOf(stateWith({}, { sizeBy: "frequency" }))).toBe("frequency");
  });

  it("asks for the newest norms as a scale, and for the last step's drift by either use", () => {
    expect(questionFor(stateWith({}, { colorBy: "norm" }), "newestNorms")).toMatchObject({
      step: 10,
    });
    expect(questionFor(stateWith({}, { sizeBy: "step_drift" }), "stepDrift")).toMatchObject({
      from_step: 5,
    });
    expect(questionFor(stateWith({}), "stepDrift")).toBeNull();
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
    const colors = colorsOf(withColumn("count", [4, null, 90, 7]));
    expect([colors?.whole, colors?.domain, colors?.log]).toEqual([true, [4, 90], true]);
    expect(colorsOf(withColumn("count", [4.5, null, 9, 7]))).toMatchObject({
      whole: false,
      log: false,
    });
  });

  it("hold on to one value that all rows share", () => {
    const colors = colorsOf(withColumn("count", [5, 5, 5, 5]));
    expect([colors?.domain, colors?.cut]).toEqual([
      [0, 5],
      [false, false],
    ]);
  });

  it("go by the logarithms of amounts of which a few are many times the usual one", () => {
    const colors = colorsOf(withColumn("count", [1, 2, 3, 1000]));
    expect(colors?.log).toBe(true);
    expect(colors?.values).toEqual(Float32Array.of(1, 2, 3, 1000));
    const scale = colors && onScale(colors);
    expect(scale?.values[3]).toBeCloseTo(Math.log(1001));
    expect(scale?.domain[0]).toBeCloseTo(Math.log(2));
  });

  it("name all texts, the most frequent first, and give the twelve largest colors", () => {
    expect(colorsOf(withColumn("part", { texts: ["verb", "noun", "noun", ""] }))).toMatchObject({
      categories: [
        { name: "noun", count: 2, color: 0 },
        { name: "verb", count: 1, color: 1 },
        { name: "", count: 1, color: 2 },
      ],
      values: Float32Array.of(1, 0, 0, 2),
    });
    const texts = { texts: [..."abcdefghijklmnop", "c"] };
    const colors = colorsOf(withColumn("part", texts, { coloredValues: ["o"] }));
    expect(colors?.categories?.map(({ name }) => name).join("")).toBe("cabdefghijklmnop");
    const colored = colors?.categories?.map(({ color }) => color).slice(11);
    expect(colored).toEqual([11, null, null, 12, null]);
    const scale = colors && onScale(colors);
    expect([...(scale?.values.slice(11) ?? [])]).toEqual([11, 20, 20, 12, 20, 0]);
    expect(colors && rowsWhere(colors.values, 0)).toEqual([2, 16]);
  });

  it("leave out of the map the values that are hidden", () => {
    const state = (hiddenValues: string[]) =>
      withColumn("part", { texts: ["a", "b", "a", "c"] }, { hiddenValues, isolated: [1, 2] });
    expect(drawnMask(state(["a"]))).toEqual(Uint8Array.of(0, 1, 0, 0));
    expect(drawnMask(state(["x"]))).toEqual(Uint8Array.of(0, 1, 1, 0));
  });
});

describe("what to color by", () => {
  it("is said to be missing only once it is known that no token has it", () => {
    const none = [Number.NaN, Number.NaN];
    expect(isColorless(withColumn("part", { numbers: none }))).toBe(true);
    expect(isColorless(withColumn("part", { numbers: [1, Number.NaN] }))).toBe(false);
    expect(isColorless(stateWith({}))).toBe(false);
    expect(isColorless(stateWith({}, { colorBy: "step_drift", step: 0 }))).toBe(true);
    expect(isColorless(stateWith({}, { colorBy: "step_drift", step: 5 }))).toBe(false);
  });
});

describe("colors by norm", () => {
  const values = Float32Array.of(1, 2, 3, 4);
  const norms = (step: number) => filled({ step, values: Float32Array.of(step, 2, 3, 4) });
  const shown = stateWith(
    { newestNorms: norms(10), "column norm": filled({ numbers: values }) },
    { colorBy: "norm", sizeBy: "norm" },
  );

  it("follow the step that is previewed, on the same scale", () => {
    const preview = { ...shown, passing: { ...shown.passing, preview: 5 } };
    expect(questionFor(preview, "previewNorms")).toMatchObject({ step: 5 });
    const slots = { ...preview.slots, previewNorms: norms(5) };
    const previewed = { ...preview, slots };
    expect(colorsOf(previewed)?.values).toEqual(Float32Array.of(5, 2, 3, 4));
    expect(colorsOf(previewed)?.domain).toEqual(colorsOf(shown)?.domain);
    expect(sizesOf(previewed)?.factors).not.toEqual(sizesOf(shown)?.factors);
    expect(otherColorStep(previewed)).toBeNull();
  });

  it("say of which step they are until those are there", () => {
    const preview = { ...shown, passing: { ...shown.passing, preview: 5 } };
    const late = { ...preview, slots: { ...preview.slots, previewNorms: norms(0) } };
    expect([colorsOf(late)?.values, otherColorStep(late)]).toEqual([values, 10]);
    expect(questionFor(shown, "previewNorms")).toBeNull();
  });
});

describe("sizes", () => {
  it("grow with the value, and are small where there is none", () => {
    const sizes = sizesOf(withColumn("count", [1, 20, 400, null], { sizeBy: "frequency" }));
    const [small = 0, middle = 0, large = 0, none = 0] = sizes?.factors ?? [];
    expect(small < middle && middle < large).toBe(true);
    expect(none).toBeCloseTo(small, 2);
    expect(large).toBeLessThan(3.9);
    expect(sizes?.domain).toEqual([1, 400]);
  });

  it("are all alike unless they are asked for, and of numbers only", () => {
    expect(sizesOf(withColumn("count", [1, 2, 3, 4]))).toBeNull();
    expect(sizeByOf(stateWith({}, { sizeBy: "column:part" }))).toBeNull();
  });
});
