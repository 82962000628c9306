import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { nothing, render } from "lit";
import { beforeAll, expect, it } from "vitest";
import type { Positions, Quality } from "../api/contract.gen";
import { GoldenSource } from "../api/golden";
import { caption } from "./map_caption";

const GOLDEN = join(import.meta.dirname, "../../../tests/golden/responses");
const source = new GoldenSource(
  async (name) => new Uint8Array(await readFile(join(GOLDEN, name))).buffer,
);
const OF = { run: "embeddings", tag: "words" };

let positions: Positions;
let quality: Quality;

beforeAll(async () => {
  positions = await source.get("positions", { ...OF, step: 5 });
  quality = await source.get("quality", { ...OF, step: 5, components: "3", k: 2 });
});

function said(quality: Quality | null, shown: Positions | null = positions): string {
  const place = document.createElement("div");
  render(caption(shown, quality, "3d", false), place);
  return place.textContent?.replace(/\s+/g, " ").trim() ?? "";
}

it("says how far the map can be trusted, and over how many tokens", () => {
  expect(said({ ...quality, sampled: 4 })).toMatch(
    /of variance trustworthiness 0\.93 · continuity 0\.93, of 4 tokens$/,
  );
});

it("leaves out of how many where it is all of them", () => {
  // Two of the eight have no direction: they are not left out of a sample.
  expect(quality.sampled).toBe(6);
  expect(said(quality)).toMatch(/continuity 0\.93$/);
});

it("says nothing of what is not known", async () => {
  const unknown = await source.get("quality", { ...OF, step: 0 });
  expect(said(unknown)).toMatch(/of variance$/);
  expect(said(null)).toMatch(/of variance$/);
  expect(caption(null, quality, "3d", false)).toBe(nothing);
});
