/** Tests the entries of a link. */

import { describe, expect, it } from "vitest";
import { initialState } from "../state";
import type { View } from "../view";
import { decodeView, encodeView } from "./link_entries";

const view: View = {
  run: "train/2 & more",
  tag: "words#1",
  step: 5,
  referenceRun: "seed/2",
  referenceTag: "words",
  seeds: ["seed 1", "seed/2"],
  centered: true,
  anchors: [1, 2, 3, 8],
  reference: 0,
  measure: "euclidean",
  metric: "euclidean",
  k: 20,
  selection: [3, 0, 17],
  sets: [{ name: "verbs", color: 2, rows: [5, 1] }],
  isolated: [0, 3, 17, 18],
  layout: "axes",
  components: [3, 1, 10],
  expressions: ["good - bad", "'new york', x", ""],
  pane: "split",
  presenting: true,
  mode: "3d",
  axes: "equal",
  eye: { center: [0.25, -1.5, 0], zoom: 3.2, yaw: -0.5, pitch: 1e-7 },
  coloredValues: ["Drama"],
  hiddenValues: ["", "War, cold"],
  colorBy: "column:part of speech",
  sizeBy: "frequency",
  layers: [],
  arrows: true,
  mapRuns: "both",
  query: "<img src=x>",
  columns: ["drift", "trend", "column:part of, speech"],
  groupBy: "column:genre",
  groupSort: { by: "unchanged", descending: false },
  filter: 'drift > 0.3 and class = "noun"',
  onlySelected: true,
  tableShare: 0.2153,
  healthOpen: true,
  healthShare: 0.4,
  similarity: "overlap",
  withNeighbors: true,
  allTables: true,
  probes: [{ name: "pairs.tsv", text: "good\tbad\t2" }],
  minFrequency: 2.5,
  sort: { by: "token", descending: false },
};

describe("the link", () => {
  it("brings back every field of a view", () => {
    expect(decodeView(encodeView(view))).toEqual(view);
  });

  it("leaves out what is at its default", () => {
    expect(encodeView(initialState().view)).toEqual({});
    expect(encodeView({ ...initialState().view, step: 0 })).toEqual({ step: "0" });
  });

  it.each([
    ["step", "1e3"],
    ["step", ""],
    ["measure", "manhattan"],
    ["selection", "1.x"],
    ["selection", "-1"],
    ["mode", "4d"],
    ["layout", "umap"],
    ["components", "1.2"],
    ["components", "11.1.2"],
    ["components", "1.2.d"],
    ["expressions", "[1]"],
    ["expressions", '["a","b"]'],
    ["isolated", "~1"],
    ["colorBy", "javascript:x"],
    ["eye", "1_2_3"],
    ["eye", "0_0_0_0_0_0"],
    ["eye", "0_0_0_1_0_NaN"],
    ["eye", "0__0_1_0_0"],
    ["tableShare", "1"],
    ["tableShare", "0.0"],
    ["tableShare", "480px"],
    ["arrows", "yes"],
    ["minFrequency", "-1"],
    ["sort", "size.up"],
    ["groupBy", "javascript:x"],
    ["probes", '[{"name":"x"}]'],
    ["unknown", "1"],
  ])("ignores %s=%s", (field, entry) => {
    expect(decodeView({ [field]: entry })).toEqual({});
  });
});
