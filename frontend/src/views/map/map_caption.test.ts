/** Tests the caption of the map. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { render } from "lit";
import { beforeAll, expect, it } from "vitest";
import { RecordedSource } from "../../../test/recorded_source";
import type { Positions, Quality } from "../../api/contract.gen";
import { caption, captionLines, startNote } from "./map_caption";
import type { MapSlice } from "./map_slice";

const GOLDEN = join(import.meta.dirname, "../../../../tests/golden/responses");
const source = new RecordedSource(
  async (name) => new Uint8Array(await readFile(join(GOLDEN, name))).buffer,
);
const OF = { run: "embeddings", tag: "words" };

let positions: Positions;
let quality: Quality;

beforeAll(async () => {
  positions = await source.get("positions", { ...OF, step: 5, components: "3d" });
  quality = await source.get("quality", { ...OF, step: 5, components: "3d", k: 2 });
});

/** Returns what an image of the map says. */
function said(quality: Quality | null, shown: Positions | null = positions): string {
  return captionLines(shown, quality, false, true).join(" ");
}

/** Returns the line in plain words beside the controls of the map, and what its ⓘ explains. */
function inWords(slice: Partial<MapSlice>): { line: string; about: string } {
  const place = document.createElement("div");
  const known = { judged: null, presenting: false, positions, previewed: null, quality, ...slice };
  render(caption(known as MapSlice, true), place);
  const [line, about] = [".caption > span", "[role=tooltip]"].map(
    (part) => place.querySelector(part)?.textContent?.replace(/\s+/g, " ").trim() ?? "",
  );
  return { line: line ?? "", about: about ?? "" };
}

it("says how far the map can be trusted, and over how many tokens", () => {
  expect(said({ ...quality, sampled: 4 })).toMatch(
    /of variance trustworthiness 0\.93 · continuity 0\.93, of 4 tokens$/,
  );
});

it("leaves out of how many where it is all of them", () => {
  // Two of the eight rows have no direction, so they do not count as left out of the sample.
  expect(quality.sampled).toBe(6);
  expect(said(quality)).toMatch(/continuity 0\.93$/);
});

it("says nothing of what is not known", async () => {
  const unknown = await source.get("quality", { ...OF, step: 0 });
  expect(said(unknown)).toMatch(/of variance$/);
  expect(said(null)).toMatch(/of variance$/);
  expect(captionLines(null, quality, false)).toEqual([]);
});

it("says in plain words what the map shows, and keeps the terms of the field behind its ⓘ", () => {
  const { line, about } = inWords({});
  expect(line).toMatch(
    /^Near tokens are alike · \d+ % of differences shown · neighbors mostly right$/,
  );
  for (const term of ["of variance", "axes not to scale", "trustworthiness 0.93", "continuity"]) {
    expect(about).toContain(term);
    expect(line).not.toContain(term);
  }
});

it("names the component of change, and says why it is shown where a rule chose it", () => {
  const chosen = { ...positions, components: [1, 0], components_by_rule: [1, 0, 2] };
  expect(inWords({ positions: chosen }).line).toMatch(
    /· \d+ % of differences shown · ↑ change from the first step · neighbors mostly right$/,
  );
  const atFirst = { positions: chosen, first: chosen };
  expect(inWords(atFirst).line).toContain("↑ no change yet at the first step");
  // Each has a heading of its own.
  expect(inWords({ positions: chosen }).about).toMatch(
    /^\d+ % of variance\s*Share .*\.\s*↑ change from the first step\s*How far .* stands in for the second component, .*\.\s*axes not to scale/,
  );
  expect(said(null, chosen)).toMatch(/^→ PC 1 \d+ % of variance · ↑ change from the first step$/);
  const named = { ...positions, components: [0, 2] };
  expect(inWords({ positions: named }).about).not.toContain("stands in");
  expect(said(null, named)).toMatch(/^↑ PC 2 \d+ % of variance · → change from the first step$/);
});

it.each([
  [{}, true],
  [{ components: [1, 2] }, false],
  [{ step: 6 }, false],
  [{ playing: true }, false],
  [{ mode: "3d" }, false],
  // Marks of its neighbors would cross the words.
  [{ selection: [1] }, false],
])("says at the first step why all tokens are on one line: %o", (change, isSaid) => {
  const first = { ...positions, components: [1, 0] };
  const shown = { ...first, ...change };
  const still = { filming: null, isOld: false, playing: false, selection: [], there: null };
  const slice = { ...still, first, mode: "2d" };
  const place = document.createElement("div");
  render(startNote({ ...slice, ...change, positions: shown } as unknown as MapSlice), place);
  expect(place.textContent.includes("on one line")).toBe(isSaid);
});

it("is spelled out for a projector", () => {
  const place = document.createElement("div");
  const labels = Array.from({ length: 8 }, () => "token");
  const slice = { judged: null, labels, presenting: true, positions, previewed: null, quality };
  render(caption(slice as unknown as MapSlice, true), place);
  expect(place.textContent).toMatch(
    /^Each of the 8 points is a token at step 5; near ones are alike\. \d+ % of differences shown; neighbors mostly right\.$/,
  );
});

it.each([
  [{ judged: 0.4 }, "neighbors: 40 % checked"],
  [{ quality: null }, "of differences shown"],
  [{ positions: null }, ""],
])("says what is known so far: %o", (slice, end) => {
  expect(inWords(slice).line.endsWith(end)).toBe(true);
});

it.each([
  [1, "right"],
  [0.9, "mostly right"],
  [0.7, "roughly right"],
  [0.55, "often wrong"],
])("calls neighbors of trustworthiness %d %s", (trustworthiness, words) => {
  expect(inWords({ quality: { ...quality, trustworthiness } }).line).toMatch(
    new RegExp(`neighbors ${words}$`),
  );
});

it("says what the axes of any layout are", async () => {
  const along = await source.get("positions", {
    ...OF,
    step: 5,
    layout: "axes",
    x: "good - bad",
    y: "film",
  });
  expect(said(null, along)).toBe("→ good - bad · ↑ film");
  const laidOut = { ...along, layout: "tsne" as const, expressions: [], laid_out: 5 };
  expect(said(null, laidOut)).toBe("t-SNE of 5 of 8 tokens, the others beside their neighbors");
  expect(said(null, { ...laidOut, laid_out: 8 })).toBe("t-SNE of 8 tokens");
});
