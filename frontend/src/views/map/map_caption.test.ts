/** Tests the caption of the map. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nothing, render } from "lit";
import { beforeAll, expect, it } from "vitest";
import { RecordedSource } from "../../../test/recorded_source";
import type { Positions, Quality } from "../../api/contract.gen";
import { caption, captionLines, judgingLine } from "./map_caption";

const GOLDEN = join(import.meta.dirname, "../../../../tests/golden/responses");
const source = new RecordedSource(
  async (name) => new Uint8Array(await readFile(join(GOLDEN, name))).buffer,
);
const OF = { run: "embeddings", tag: "words" };

let positions: Positions;
let quality: Quality;

beforeAll(async () => {
  positions = await source.get("positions", { ...OF, step: 5, components: "1.2.3" });
  quality = await source.get("quality", { ...OF, step: 5, components: "1.2.3", k: 2 });
});

function said(quality: Quality | null, shown: Positions | null = positions): string {
  const place = document.createElement("div");
  render(caption(captionLines(shown, quality, false, true)), place);
  return place.textContent?.replace(/\s+/g, " ").trim() ?? "";
}

it("says how far the map can be trusted, and over how many tokens", () => {
  expect(said({ ...quality, sampled: 4 })).toMatch(
    /of variance ?trustworthiness 0\.93 · continuity 0\.93, of 4 tokens$/,
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
  expect(caption(captionLines(null, quality, false))).toBe(nothing);
});

it("says that it is being found out how far the map can be trusted", () => {
  expect(judgingLine(0.4).words).toBe("trustworthiness and continuity: 40 % measured");
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
