/** Makes drawings for tests. */

import { vi } from "vitest";
import { Drawing } from "../src/scatter/painting/map_drawing";
import { Viewpoint } from "../src/scatter/view/viewpoint";

/** Returns a drawing of points without labels, in a view of 100 by 100 CSS pixels from -1 to 1. */
export function drawingOf(...positions: number[]): Drawing {
  const view = new Viewpoint();
  view.setBounds({ center: [0, 0, 0], half: [1, 1, 1] });
  view.resize({ width: 100, height: 100 });
  // Nothing is measured with it: there are no labels.
  const ruler = {} as CanvasRenderingContext2D;
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValueOnce(ruler as never);
  const drawing = new Drawing(view);
  drawing.scene.setPositions(Float32Array.from(positions));
  return drawing;
}
