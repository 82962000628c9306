/** Tests the map of similarity in Health: what it says, and the two steps that it picks. */

import { expect, it, vi } from "vitest";
import { similarityRange } from "../src/selectors/similarity";
import { openHealth } from "../src/state/actions";
import { referenceOf, stepOf } from "../src/state/current";
import { similarityPixels } from "../src/views/health/similarity_pixels";
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

it("colors the least and the most alike, and leaves out what is not known", () => {
  const matrix = {
    job: { id: "", state: "done" as const, progress: 1, message: "", error: "" },
    ...{ measure: "cka" as const, from_steps: [0, 1], to_steps: [0, 1], sampled: 4, population: 4 },
    values: Float32Array.of(0.5, 1, Number.NaN, 0.75),
  };
  expect(similarityRange(matrix)).toEqual([0.5, 1]);
  const { data } = similarityPixels(matrix, [0.5, 1], "#000000", "#ff8000");
  expect([...data]).toEqual([0, 0, 0, 255, 255, 128, 0, 255, 0, 0, 0, 0, 128, 64, 0, 255]);
});
