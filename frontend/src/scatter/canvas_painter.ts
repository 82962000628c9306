/** Draws the map with a plain 2-D canvas, for browsers without WebGL2. */

import type { Frame, Painter } from "./painter";
import { MISSING } from "./point_motion";

/** More points than these are too slow to draw one by one. */
export const MOST_PLAIN_POINTS = 20_000;

const FULL_SIZE = 64;
const MARKED_DIAMETER = 5;
/** A smaller disk is a square to the eye, and that is drawn faster. */
const SMALLEST_DISK = 3;
const HALO = 3;
const STROKE_NUMBERS = 9;
const GONE = MISSING / 2;

/** A point as it is to be drawn, in a frame. */
interface Spot {
  x: number;
  y: number;
  depth: number;
  diameter: number;
  opacity: number;
  color: number;
}

/**
 * Draws what the renderer in gl/ draws, but for the finer points, and of many points the
 * topmost ones only.
 */
export class CanvasPainter implements Painter {
  readonly mostPoints = MOST_PLAIN_POINTS;
  readonly isBusy = false;
  private readonly brush: CanvasRenderingContext2D;
  private from = new Float32Array(0);
  private to = new Float32Array(0);
  private styles = new Uint8Array(0);
  private colors: string[] = [];
  private order = new Uint32Array(0);
  private marked = new Uint32Array(0);

  /** @throws Error where there is not even that. */
  constructor(private readonly canvas: HTMLCanvasElement) {
    const brush = canvas.getContext("2d", { alpha: false });
    if (brush === null) throw new Error("This browser offers no 2-D canvas.");
    this.brush = brush;
  }

  setPositions(positions: Float32Array): void {
    this.from = positions as Float32Array<ArrayBuffer>;
    this.to = this.from;
  }

  setTarget(to: Float32Array, from: Float32Array | null): void {
    this.from = (from ?? this.to) as Float32Array<ArrayBuffer>;
    this.to = to as Float32Array<ArrayBuffer>;
  }

  setStyles(bytes: Uint8Array): void {
    this.styles = bytes as Uint8Array<ArrayBuffer>;
  }

  setPalette(palette: Uint8Array): void {
    this.colors = Array.from({ length: 256 }, (_, at) => {
      const [red, green, blue] = palette.subarray(at * 4, at * 4 + 3);
      return `rgb(${red}, ${green}, ${blue})`;
    });
  }

  setOrder(order: Uint32Array): void {
    this.order = order.slice(-MOST_PLAIN_POINTS);
  }

  setMarked(indices: Uint32Array): void {
    this.marked = indices as Uint32Array<ArrayBuffer>;
  }

  draw(frame: Frame): void {
    const { brush, canvas } = this;
    const ratio = canvas.width / frame.projection.size.width;
    brush.setTransform(1, 0, 0, 1, 0, 0);
    brush.globalAlpha = 1;
    brush.fillStyle = cssOf(frame.background);
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawPoints(frame);
    this.drawStrokes(frame);
    this.drawMarked(frame);
    this.drawSprites(frame);
  }

  clearSprites(): void {
    // Texts are drawn anew in every frame.
  }

  dispose(): void {
    this.canvas.width = 0;
  }

  private drawPoints(frame: Frame): void {
    const { width, height } = frame.projection.size;
    const spots: Spot[] = [];
    for (const index of this.order) {
      const spot = this.spotOf(index, frame);
      if (spot && spot.x > -9 && spot.y > -9 && spot.x < width + 9 && spot.y < height + 9) {
        spots.push(spot);
      }
    }
    if (frame.depth > 0) spots.sort((a, b) => b.depth - a.depth);
    for (const spot of spots) this.drawSpot(spot, spot.diameter / 2);
  }

  private drawSpot({ x, y, opacity, color }: Spot, radius: number): void {
    const { brush } = this;
    brush.globalAlpha = opacity;
    brush.fillStyle = this.colors[color] ?? "#888888";
    if (2 * radius < SMALLEST_DISK) {
      brush.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
      return;
    }
    this.disk(x, y, radius);
  }

  private disk(x: number, y: number, radius: number): void {
    const { brush } = this;
    brush.beginPath();
    brush.arc(x, y, radius, 0, 2 * Math.PI);
    brush.fill();
  }

  /** Where and how a point is drawn, as the vertex shader has it; null where it is not. */
  private spotOf(index: number, frame: Frame): Spot | null {
    const { from, to, styles } = this;
    const i = index * 3;
    if (i + 2 >= to.length || i + 2 >= from.length) return null;
    const arrives = (from[i] as number) > GONE;
    const leaves = (to[i] as number) > GONE;
    const share = arrives ? 1 : leaves ? 0 : frame.motion;
    const presence = arrives ? (leaves ? 0 : frame.motion) : leaves ? 1 - frame.motion : 1;
    if (presence <= 0) return null;
    const at = (axis: number) => {
      const start = (share === 1 ? to : from)[i + axis] as number;
      return share === 0 || share === 1
        ? start
        : start + ((to[i + axis] as number) - start) * share;
    };
    if (!frame.projection.project(at(0), at(1), at(2), this.place)) return null;
    const [x = 0, y = 0, depth = 1] = this.place;
    const [before = 0, after = 0, size = FULL_SIZE, dimmed = 0] = styles.subarray(
      index * 4,
      index * 4 + 4,
    );
    const haze = frame.depth * 0.75 * smooth((depth - 0.85) / 0.5);
    const blends = before > 0 && after > 0;
    return {
      x,
      y,
      depth,
      diameter: (frame.diameter * (size / FULL_SIZE) * (dimmed ? 0.8 : 1)) / depth,
      opacity: frame.opacity * presence * (dimmed ? 0.12 : 1) * (1 - haze),
      color: blends ? Math.round(before + (after - before) * frame.recolor) : after,
    };
  }

  private readonly place = new Float64Array(3);

  private drawMarked(frame: Frame): void {
    const { brush } = this;
    for (const index of this.marked) {
      const spot = this.spotOf(index, frame);
      if (!spot) continue;
      const radius = Math.max(spot.diameter, MARKED_DIAMETER) / 2;
      brush.globalAlpha = 1;
      brush.fillStyle = cssOf(frame.accent);
      this.disk(spot.x, spot.y, radius + 3);
      brush.fillStyle = cssOf(frame.background);
      this.disk(spot.x, spot.y, radius + 1.5);
      this.drawSpot({ ...spot, opacity: 1 }, radius);
    }
  }

  private drawStrokes({ strokes }: Frame): void {
    const { brush } = this;
    const { numbers } = strokes;
    brush.globalAlpha = 1;
    brush.lineCap = "round";
    for (let i = 0; i + STROKE_NUMBERS <= numbers.length; i += STROKE_NUMBERS) {
      const [ax = 0, ay = 0, bx = 0, by = 0, radius = 0, ...color] = numbers.slice(
        i,
        i + STROKE_NUMBERS,
      );
      const [red = 0, green = 0, blue = 0, opacity = 1] = color;
      brush.globalAlpha = opacity;
      const paint = cssOf([red, green, blue]);
      if (ax === bx && ay === by) {
        brush.fillStyle = paint;
        this.disk(ax, ay, radius);
        continue;
      }
      brush.strokeStyle = paint;
      brush.lineWidth = 2 * radius;
      brush.beginPath();
      brush.moveTo(ax, ay);
      brush.lineTo(bx, by);
      brush.stroke();
    }
  }

  private drawSprites({ sprites, spriteStyle }: Frame): void {
    const { brush } = this;
    brush.textBaseline = "middle";
    brush.direction = "ltr";
    brush.lineJoin = "round";
    brush.lineWidth = HALO;
    brush.strokeStyle = spriteStyle.halo;
    brush.fillStyle = spriteStyle.color;
    for (const { text, font, left, top, opacity } of sprites) {
      brush.globalAlpha = opacity;
      brush.font = font;
      const middle = top + spriteStyle.lineHeight / 2;
      brush.strokeText(text, left, middle);
      brush.fillText(text, left, middle);
    }
  }
}

function smooth(value: number): number {
  const share = Math.min(Math.max(value, 0), 1);
  return share * share * (3 - 2 * share);
}

function cssOf([red, green, blue]: readonly [number, number, number]): string {
  return `rgb(${Math.round(255 * red)}, ${Math.round(255 * green)}, ${Math.round(255 * blue)})`;
}
