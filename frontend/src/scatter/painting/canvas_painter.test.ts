/** Tests the drawing without WebGL2. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { drawingOf } from "../../../test/drawing";
import { CanvasPainter, MOST_PLAIN_POINTS } from "./canvas_painter";

/** Notes where disks are drawn, and how strong. */
class NotingBrush {
  readonly disks: { x: number; y: number; radius: number; alpha: number; color: string }[] = [];
  readonly texts: string[] = [];
  globalAlpha = 1;
  fillStyle = "";
  setTransform = vi.fn();
  fillRect = vi.fn();
  beginPath = vi.fn();
  fill = vi.fn();
  strokeText = vi.fn();
  moveTo = vi.fn();
  lineTo = vi.fn();
  stroke = vi.fn();
  arc(x: number, y: number, radius: number): void {
    this.disks.push({ x, y, radius, alpha: this.globalAlpha, color: this.fillStyle });
  }
  fillText(text: string): void {
    this.texts.push(text);
  }
}

let brush: NotingBrush;
let painter: CanvasPainter;

beforeEach(() => {
  brush = new NotingBrush();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [200, 200];
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValueOnce(brush as never);
  painter = new CanvasPainter(canvas);
});

afterEach(() => vi.restoreAllMocks());

it("draws points on their way in the colors of now, those not found faintly", () => {
  const drawing = drawingOf(0, 0, 0, 0, 0, 0);
  const { scene } = drawing;
  const grays = Uint8Array.from({ length: 1024 }, (_, i) => i >> 2);
  scene.setValues(Float32Array.of(0, 1), [0, 1], grays);
  scene.setVisible(Uint8Array.of(1, 0));
  void scene.motion.moveTo(Float32Array.of(1, 0, 0, 0, 1, 0), 1000);
  scene.motion.share = 0.5;
  painter.draw(drawing, 0);
  const [under, over] = brush.disks;
  expect(under?.y).toBeLessThan(50);
  expect(over?.x).toBeGreaterThan(50);
  expect(under?.alpha).toBeCloseTo(0.12 * (over?.alpha ?? 0));
  expect(over?.color).toBe("rgb(0, 0, 0)");
  expect(under?.color).toBe("rgb(255, 255, 255)");
});

it("draws the topmost of too many, and rings and labels above them", () => {
  const count = MOST_PLAIN_POINTS + 7;
  const drawing = drawingOf(...new Array<number>(count * 3).fill(0));
  drawing.scene.styles.setSizes(new Float32Array(count).fill(3));
  drawing.scene.setSelection([3]);
  const label = { text: "word", strong: false, font: "12px x", width: 9, left: 1, top: 1 };
  vi.spyOn(drawing.labels, "at").mockReturnValue([{ ...label, role: "text", opacity: 1 }]);
  painter.draw(drawing, 0);
  expect(brush.disks.length).toBe(MOST_PLAIN_POINTS + 3);
  expect(brush.texts).toEqual(["word"]);
});
