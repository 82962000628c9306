/** Tests the copies of the map. */

import { expect, it, vi } from "vitest";
import { snapshotOf } from "./capture";
import { Drawing } from "./drawing";
import { LabelLayer } from "./label_layer";
import { MapView } from "./map_view";
import { Scene } from "./scene";

/** Five points in a row, of which the last is out of view. */
function drawing(): Drawing {
  const scene = new Scene(() => null);
  const view = new MapView();
  view.setBounds({ center: [0, 0, 0], half: [1, 1, 1] });
  view.resize({ width: 100, height: 100 });
  scene.setPositions(Float32Array.of(-0.8, 0, 0, -0.4, 0, 0, 0, 0, 0, 0.4, 0, 0, 50, 0, 0));
  scene.setPriority(Uint32Array.of(2, 0, 1, 3, 4));
  // Nothing is measured with it: there are no labels.
  const ruler = {} as CanvasRenderingContext2D;
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValueOnce(ruler as never);
  return new Drawing(scene, view, new LabelLayer());
}

it("copies as many points as are asked for, and counts all in view", () => {
  for (const [most, copied] of [
    [0, 0],
    [1, 1],
    [3, 3],
    [4, 4],
    [100, 4],
  ] as const) {
    const { points, pointsInView } = snapshotOf(drawing(), most);
    expect([points.length, pointsInView]).toEqual([copied, 4]);
  }
});

it("copies the topmost, the very top last", () => {
  const all = snapshotOf(drawing(), 100).points.map(({ x }) => x);
  expect(all.at(-1)).toBeCloseTo(50);
  expect(snapshotOf(drawing(), 2).points.map(({ x }) => x)).toEqual(all.slice(-2));
});
