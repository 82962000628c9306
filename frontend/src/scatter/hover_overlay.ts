/** Draws the point under the pointer and the lasso on a canvas above the map. */

import type { Point, Size } from "./geometry";

/** The point under the pointer: drawn again, on top, with a ring. */
export interface Spot extends Point {
  readonly radius: number;
  /** CSS colors. */
  readonly color: string;
  readonly ring: string;
  readonly background: string;
}

const GAP = 1.5;
const RING = 1.5;

/** A canvas of its own: the points need not be drawn again when the pointer moves. */
export class HoverOverlay {
  readonly canvas = document.createElement("canvas");
  private readonly brush: CanvasRenderingContext2D | null = this.canvas.getContext("2d");
  private isBlank = true;

  constructor() {
    Object.assign(this.canvas.style, {
      position: "absolute",
      inset: "0",
      width: "100%",
      height: "100%",
      pointerEvents: "none",
      display: "none",
    });
    this.canvas.setAttribute("aria-hidden", "true");
  }

  /** @param line of a lasso under way, in `color`, CSS pixels as all places */
  draw(size: Size, spot: Spot | null, line: readonly Point[], color: string): void {
    const { brush, canvas } = this;
    if (brush === null || (this.isBlank && spot === null && line.length === 0)) return;
    const ratio = window.devicePixelRatio;
    const [width, height] = [Math.round(size.width * ratio), Math.round(size.height * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    brush.clearRect(0, 0, size.width, size.height);
    this.isBlank = spot === null && line.length === 0;
    // An empty canvas over the points would cost a frame as much as a full one.
    canvas.style.display = this.isBlank ? "none" : "";
    if (spot !== null) drawSpot(brush, spot);
    if (line.length > 1) drawLine(brush, line, color);
  }
}

function drawSpot(brush: CanvasRenderingContext2D, spot: Spot): void {
  const disk = (radius: number, color: string) => {
    brush.fillStyle = color;
    brush.beginPath();
    brush.arc(spot.x, spot.y, radius, 0, 2 * Math.PI);
    brush.fill();
  };
  disk(spot.radius + GAP + RING, spot.ring);
  disk(spot.radius + GAP, spot.background);
  disk(spot.radius, spot.color);
}

function drawLine(brush: CanvasRenderingContext2D, line: readonly Point[], color: string): void {
  brush.beginPath();
  for (const { x, y } of line) brush.lineTo(x, y);
  brush.closePath();
  brush.fillStyle = color;
  brush.globalAlpha = 0.1;
  brush.fill();
  brush.globalAlpha = 1;
  brush.strokeStyle = color;
  brush.lineWidth = 1.5;
  brush.setLineDash([5, 4]);
  brush.stroke();
  brush.setLineDash([]);
}
