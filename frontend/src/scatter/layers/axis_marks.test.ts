/** Tests what is drawn of the axes of the map. */

import { expect, it, vi } from "vitest";
import { drawingOf } from "../../../test/drawing";

function drawn(mode: "2d" | "3d") {
  const drawing = drawingOf(0, 0, 0);
  const written = (text: string, strong: boolean) => ({ text, strong, width: 10 });
  vi.spyOn(drawing.labels, "write").mockImplementation(written as never);
  vi.spyOn(drawing.labels, "update").mockReturnValue();
  drawing.view.resize({ width: 800, height: 600 });
  drawing.view.mode = mode;
  drawing.view.fit(0);
  drawing.axes =
    mode === "3d"
      ? { names: ["PC 1", "PC 2", "PC 3"] }
      : {
          ends: [
            { negative: "bad", positive: "good" },
            { negative: "", positive: "film" },
          ],
        };
  drawing.placeLabels(0, true, []);
  return drawing;
}

it("names the poles at the edges, and counts from the zero lines", () => {
  const texts = drawn("2d").texts(0);
  const at = (text: string) => texts.find((label) => label.text === text);
  expect(at("← bad")?.left).toBeLessThan(20);
  expect(at("good →")?.left).toBeGreaterThan(770);
  expect(at("↑ film")?.top).toBeLessThan(40);
  expect(at("0.5")?.left).toBeGreaterThan(at("−0.5")?.left ?? 800);
  expect(texts.some(({ text }) => text.startsWith("↓") || text === "0")).toBe(false);
});

it("stays in view where zero is not", () => {
  const drawing = drawn("2d");
  drawing.view.panBy(5000, 5000);
  drawing.placeLabels(0, true, []);
  for (const { left, top } of drawing.texts(0)) {
    expect(left >= 0 && left <= 800 && top >= 0 && top <= 600).toBe(true);
  }
});

it("shows how the three axes lie in space", () => {
  const drawing = drawn("3d");
  expect(drawing.texts(0).map(({ text }) => text)).toEqual(["PC 1", "PC 2", "PC 3"]);
  const before = drawing.strokes().flat();
  drawing.view.orbitBy(200, 0);
  drawing.placeLabels(0, true, []);
  expect(drawing.strokes().flat()).not.toEqual(before);
});
