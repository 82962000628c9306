/** Tests what pictures and films of the map say about themselves. */

import { beforeAll, expect, it } from "vitest";
import { recorded } from "../../../test/page";
import { RecordedSource } from "../../../test/recorded_source";
import { text } from "../../strings";
import { PALETTES } from "../../theme/palette";
import { annotationsOf, filmLines, filmNames, withoutLegend } from "./image_annotations";
import { withLayersSeen } from "./map_layers";
import type { MapSlice } from "./map_slice";

const OF = { run: "embeddings", tag: "words" };
let slice: MapSlice;

beforeAll(async () => {
  const source = new RecordedSource(recorded);
  const place = { ...OF, step: 5, components: "3d" };
  const drift = await source.get("drift", { ...OF, from_step: 0, to_step: 5 });
  const known: Partial<MapSlice> = {
    positions: await source.get("positions", { ...place, layout: "pca" }),
    quality: await source.get("quality", { ...place, k: 2 }),
    colors: {
      source: drift,
      values: drift.values,
      domain: [0, 1],
      cut: [false, false],
      log: false,
      categories: null,
      diverging: false,
      low: false,
    } as unknown as NonNullable<MapSlice["colors"]>,
    sets: [],
    layers: [],
    mode: "2d",
    shownBefore: null,
    doubt: null,
    sizes: null,
    step: 5,
    theme: "light",
    there: null,
    isolated: null,
  };
  slice = known as MapSlice;
});

it("names run, table, step, layout, quality and measure", () => {
  const { title, lines, legend, palette } = annotationsOf(slice, false);
  expect(title).toBe("embeddings · words · step 5");
  expect(lines[0]).toMatch(/^→ PC 1 \d+ % · ↑ PC 2 \d+ % · ↗ PC 3 [\d.]+ % of variance$/);
  expect(lines[1]).toMatch(/^trustworthiness \S+ · continuity \S+/);
  expect(legend?.title).toMatch(/, step 0 → 5$/);
  expect(palette).toBe(PALETTES.light);
});

it("names the measure without a legend, too", () => {
  const all = annotationsOf(slice, false);
  const bare = withoutLegend(all);
  expect(bare.legend).toBeNull();
  expect(bare.lines).toEqual([...all.lines, `color: ${all.legend?.title}`]);
});

it("names both runs, in a film without the step that changes", async () => {
  const { positions } = slice;
  if (!positions) throw new Error("no positions");
  const inOther = { ...positions, run: "other", step: 3 };
  const other = { ...OF, run: "other" } as MapSlice["other"];
  const both = { ...slice, other, showsBoth: true, inOther };
  const { names } = annotationsOf(both, false);
  expect(names).toEqual(["other, step 3, aligned with this run", "embeddings, step 5"]);
  expect(filmNames(both, names)).toEqual([names[0], "embeddings"]);
  expect(annotationsOf(slice, false).names).toEqual([]);
});

it("names in a film its steps, the layout and its quality", () => {
  const [steps, quality] = filmLines(slice, [0, 1, 5]);
  expect(steps).toBe("3 steps, 0 to 5 · → PC 1 · ↑ PC 2 · ↗ PC 3 of all steps together");
  expect(quality).toMatch(/^trustworthiness \S+ · continuity \S+, at step 5$/);
  if (!slice.positions) throw new Error("no positions");
  const changed = { ...slice, positions: { ...slice.positions, components: [1, 0] } };
  expect(filmLines(changed, [0, 1, 5])[0]).toBe(
    "3 steps, 0 to 5 · → PC 1 of all steps together · ↑ change from the first step",
  );
});

it("explains regions where some are named, and only there", () => {
  const named = { ...slice, layers: ["regions", "density"] as const };
  const explained = (hasRegions: boolean) =>
    annotationsOf(withLayersSeen(named, hasRegions), false).legend?.items.map(({ name }) => name);
  expect(explained(true)).toEqual([text.regionsMean, text.densityMeans]);
  expect(explained(false)).toEqual([text.densityMeans]);
});
