/** Tests the map of similarity in Health: what it says, and the two steps that it picks. */

import { expect, it, vi } from "vitest";
import { ramp } from "../src/scatter/points/colormaps";
import { similarityScale } from "../src/selectors/health/similarity";
import { openHealth, patchView } from "../src/state/actions";
import { referenceOf, stepOf } from "../src/state/current";
import { similarityPixels } from "../src/views/health/similarity_map";
import { said, TestPage, textOf, within } from "./page";

const page = new TestPage();

/** The map, of 400 by 400 pixels. */
async function opened(): Promise<HTMLElement> {
  page.open();
  await vi.waitFor(() => expect(said("wordembed-health")).toContain("Effective rank"));
  page.store.update(openHealth(true));
  const found = () =>
    within("wordembed-health")
      .querySelector("wordembed-similarity-map")
      ?.shadowRoot?.querySelector(".map");
  await vi.waitFor(() => expect(found()).toBeTruthy(), 5000);
  const map = found() as HTMLElement;
  map.getBoundingClientRect = () => new DOMRect(0, 0, 400, 400);
  return map;
}

const compared = () => [referenceOf(page.store.state), stepOf(page.store.state)];

it("sets both steps by a click, and moves them by keys", async () => {
  const map = await opened();
  // The recorded steps are 0, 1, 2 and 5: rows are references, columns are steps.
  map.dispatchEvent(new MouseEvent("click", { clientX: 250, clientY: 150 }));
  expect(compared()).toEqual([1, 2]);
  await vi.waitFor(() => expect(said("wordembed-health")).toContain("1 → 2: 0."));
  map.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
  expect(compared()).toEqual([1, 5]);
  map.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }));
  expect(compared()).toEqual([0, 5]);
  map.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }));
  expect(compared()).toEqual([0, 5]);
});

it("says how alike the steps below the pointer are, and changes nothing by it", async () => {
  const map = await opened();
  const before = compared();
  map.dispatchEvent(new PointerEvent("pointermove", { clientX: 399, clientY: 399 }));
  await vi.waitFor(() => expect(said("wordembed-health")).toContain("5 → 5: 1.000"));
  expect(compared()).toEqual(before);
  map.dispatchEvent(new PointerEvent("pointerleave"));
  await vi.waitFor(() => expect(textOf(map.parentElement)).not.toContain("5 → 5"));
});

it("compares by neighbors when that is chosen, and says so in the link", async () => {
  const asked: object[] = [];
  const map = await opened();
  page.source.others.set("similarity_matrix", (ask) => {
    asked.push(ask);
    const values = Float32Array.of(1, 0.25, 0.5, 1);
    const steps = { from_steps: [0, 5], to_steps: [0, 5], sampled: 8, population: 8 };
    return { job: null, measure: "overlap", ...steps, values };
  });
  const select = (map.getRootNode() as ShadowRoot).querySelector("select");
  if (!select) throw new Error("nothing to choose");
  select.value = "overlap";
  select.dispatchEvent(new Event("change"));
  await vi.waitFor(() => expect(said("wordembed-health")).toContain("0 → 5: 0.250"), 3000);
  expect(asked).toMatchObject([{ measure: "overlap", k: 10 }]);
  expect(said("wordembed-health")).toMatch(/0.25 ?0.25 ?0.50/);
  await vi.waitFor(() => expect(page.host.entries).toMatchObject({ similarity: "overlap" }));
});

it("shows nothing by another measure than the one chosen, and draws what was there before again", async () => {
  const map = await opened();
  const root = map.getRootNode() as ShadowRoot;
  const choose = (measure: "cka" | "overlap") =>
    page.store.update(patchView({ similarity: measure }));
  page.source.others.set("similarity_matrix", () => new Promise(() => undefined));
  choose("overlap");
  await vi.waitFor(() => expect(root.querySelector("progress")).toBeTruthy());
  expect(root.querySelector(".map")).toBeNull();
  choose("cka");
  await vi.waitFor(() => expect(root.querySelector("canvas")?.width).toBe(4));
});

it("offers nothing in a page in a file that is not in the file", async () => {
  const map = await opened();
  const has = (route: string, ask: object) =>
    route !== "similarity_matrix" || !("measure" in ask) || ask.measure === "cka";
  page.store.update((state) => ({ ...state, savedPage: { loggedSteps: 4, has } }));
  const root = map.getRootNode() as ShadowRoot;
  const offered = () => [...root.querySelectorAll("option")].map((one) => !one.disabled);
  await vi.waitFor(() => expect(offered()).toEqual([true, false]));
  // Drift is measured from the first step there.
  map.dispatchEvent(new MouseEvent("click", { clientX: 250, clientY: 150 }));
  expect(compared()).toEqual([0, 2]);
  await vi.waitFor(() => expect(said("wordembed-health")).toContain("go to the column’s step"));
});

const matrix = {
  job: { id: "", state: "done" as const, progress: 1, message: "", error: "" },
  ...{ measure: "cka" as const, from_steps: [0, 1], to_steps: [0, 1], sampled: 4, population: 4 },
  values: Float32Array.of(0.5, 1, Number.NaN, 0.75),
};

it("has a color for each rank, and none for what is not known", () => {
  const { least, median, most, shares } = similarityScale(matrix, false);
  expect([least, median, most]).toEqual([0.5, 0.75, 1]);
  expect([...shares]).toEqual([0, 1, Number.NaN, 0.5]);
  const equal = { ...matrix, values: Float32Array.of(0.5, 0.5, 0.5, 0.9) };
  expect([...similarityScale(equal, false).shares].map((one) => one.toFixed(2))).toEqual([
    ...["0.33", "0.33", "0.33", "1.00"],
  ]);
  const { data } = similarityPixels(matrix, shares, ramp("sequential", "light"));
  const colors = [0, 1, 2, 3].map((at) => [...data.subarray(4 * at, 4 * at + 4)].join());
  expect(new Set(colors).size).toBe(4);
  expect(colors[2]).toBe("0,0,0,0");
});

it("does not count a step with itself", () => {
  const values = Float32Array.of(1, 0.5, 0.25, 1);
  const { most, shares } = similarityScale({ ...matrix, values }, true);
  expect(most).toBe(0.5);
  expect([...shares]).toEqual([1, 1, 0, 1]);
});
