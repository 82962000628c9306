/** Tests the drawing without WebGL2. */

import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fitCamera, Projection } from "./camera";
import { CanvasPainter, MOST_PLAIN_POINTS } from "./canvas_painter";
import { Strokes } from "./gl/strokes";
import type { Frame } from "./painter";
import { MISSING } from "./point_motion";

const size = { width: 200, height: 100 };

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
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(brush as never);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [200, 100];
  painter = new CanvasPainter(canvas);
  painter.setPalette(Uint8Array.from({ length: 1024 }, (_, i) => i >> 2));
});

afterEach(() => vi.restoreAllMocks());

function frame(more: Partial<Frame> = {}): Frame {
  const bounds = { center: [0, 0, 0], half: [1, 1, 1] } as const;
  return {
    projection: new Projection(fitCamera(bounds, size, "2d"), size),
    motion: 1,
    recolor: 1,
    diameter: 6,
    opacity: 0.9,
    depth: 0,
    background: [1, 1, 1],
    accent: [1, 0, 0],
    labeled: new Uint32Array(),
    strokes: new Strokes(),
    sprites: [],
    spriteStyle: { color: "#000", halo: "#fff", lineHeight: 15, smooth: false },
    ...more,
  };
}

function styles(count: number, dimmed: readonly number[] = []): Uint8Array {
  const bytes = new Uint8Array(count * 4);
  for (let i = 0; i < count; i++) bytes.set([10, 20, 64, dimmed.includes(i) ? 1 : 0], i * 4);
  return bytes;
}

it("draws points on their way, in the order given, those not found faintly", () => {
  painter.setPositions(Float32Array.of(0, 0, 0, 0, 0, 0));
  painter.setTarget(Float32Array.of(1, 0, 0, 0, 1, 0), null);
  painter.setStyles(styles(2, [1]));
  painter.setOrder(Uint32Array.of(1, 0));
  painter.draw(frame({ motion: 0.5, recolor: 0 }));
  const [under, over] = brush.disks;
  expect(under?.y).toBeLessThan(50);
  expect(over?.x).toBeGreaterThan(100);
  expect(over?.alpha).toBeCloseTo(0.9);
  expect(under?.alpha).toBeCloseTo(0.9 * 0.12);
  expect(over?.color).toBe("rgb(10, 10, 10)");
});

it("lets points appear that had no place before, and draws none that have none", () => {
  const gone = [MISSING, MISSING, MISSING];
  painter.setPositions(Float32Array.of(...gone, ...gone));
  painter.setTarget(Float32Array.of(1, 0, 0, ...gone), null);
  painter.setStyles(styles(2));
  painter.setOrder(Uint32Array.of(0, 1));
  painter.draw(frame({ motion: 0.5 }));
  expect(brush.disks.length).toBe(1);
  expect(brush.disks[0]?.alpha).toBeCloseTo(0.45);
});

it("draws the topmost of too many, and rings and labels above them", () => {
  const count = MOST_PLAIN_POINTS + 7;
  painter.setPositions(new Float32Array(count * 3));
  painter.setStyles(styles(count));
  painter.setOrder(Uint32Array.from({ length: count }, (_, i) => i));
  painter.setMarked(Uint32Array.of(3));
  const label = { key: 0, text: "word", font: "12px x", width: 9, left: 1, top: 1, opacity: 1 };
  painter.draw(frame({ sprites: [label] }));
  expect(brush.disks.length).toBe(MOST_PLAIN_POINTS + 3);
  expect(brush.texts).toEqual(["word"]);
});
