/** Draws the map with a plain 2-D canvas, for browsers without WebGL2. */

import type { Palette } from "../../theme/palette";
import { brushOf } from "../canvas_brush";
import type { Area } from "../layers/density_layer";
import { colorOf } from "../points/scene";
import { cornersOf } from "../points/shapes";
import type { Drawing } from "./map_drawing";
import type { Painter } from "./painter";
import { type Disk, type VectorPicture, vectorPictureOf } from "./vector_picture";

/** Drawing more points than this one by one is too slow. */
export const MOST_PLAIN_POINTS = 20_000;
/** A smaller disk looks like a square, which is drawn faster. */
const SMALLEST_DISK = 3;
/** Width of the outline that parts a label from the points. */
const HALO = 3;

type Brush = CanvasRenderingContext2D;

/** Draws what the painter in gl/ draws, and of many points in view the topmost ones only. */
export class CanvasPainter implements Painter {
  readonly mostPoints = MOST_PLAIN_POINTS;
  private readonly brush: Brush;

  /** @throws Error if the browser offers no 2-D canvas */
  constructor(private readonly canvas: HTMLCanvasElement) {
    this.brush = brushOf(canvas, { alpha: false });
  }

  isBusy(): boolean {
    return false;
  }

  hasAll({ scene }: Drawing): boolean {
    return scene.motion.count <= MOST_PLAIN_POINTS;
  }

  /** Returns that nothing is left to draw: all points that are shown are drawn at once. */
  drawMore(): boolean {
    return true;
  }

  draw(drawing: Drawing, now: number): void {
    const { brush, canvas } = this;
    const picture = vectorPictureOf(drawing, MOST_PLAIN_POINTS, now);
    const { width, height } = picture.size;
    brush.setTransform(canvas.width / width, 0, 0, canvas.height / height, 0, 0);
    brush.globalAlpha = 1;
    brush.fillStyle = picture.theme.ground;
    brush.fillRect(0, 0, width, height);
    for (const area of picture.areas) drawArea(brush, area, "fill");
    for (const point of picture.points) drawDisk(brush, point);
    for (const area of picture.areas) drawArea(brush, area, "stroke");
    drawStrokes(brush, picture);
    for (const disk of picture.marks) drawDisk(brush, disk);
    drawLabels(brush, picture);
  }

  dispose(): void {
    this.canvas.width = 0;
  }
}

export function styleLabels(brush: Brush, { halo, text }: Palette): void {
  brush.textBaseline = "middle";
  brush.direction = "ltr";
  brush.lineJoin = "round";
  brush.lineWidth = HALO;
  brush.strokeStyle = halo;
  brush.fillStyle = text;
}

export function drawDisk(brush: Brush, disk: Disk): void {
  const { x, y, radius, shape = 0, color, opacity } = disk;
  brush.globalAlpha = opacity;
  brush.fillStyle = color;
  if (2 * radius < SMALLEST_DISK) {
    brush.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
    return;
  }
  brush.beginPath();
  if (shape === 0) brush.arc(x, y, radius, 0, 2 * Math.PI);
  for (const corner of cornersOf(shape, x, y, radius)) brush.lineTo(...corner);
  brush.fill();
}

function drawArea(
  brush: Brush,
  { lines, color, ...strength }: Area,
  part: "fill" | "stroke",
): void {
  brush.fillStyle = color;
  brush.strokeStyle = color;
  brush.lineWidth = 1;
  brush.beginPath();
  for (const line of lines) {
    brush.moveTo(line[0] as number, line[1] as number);
    for (let at = 2; at < line.length; at += 2) {
      brush.lineTo(line[at] as number, line[at + 1] as number);
    }
    brush.closePath();
  }
  brush.globalAlpha = strength[part];
  if (part === "fill") brush.fill("evenodd");
  else brush.stroke();
}

function drawStrokes(brush: Brush, { strokes }: VectorPicture): void {
  brush.lineCap = "round";
  for (const { ax, ay, bx, by, radius, color, opacity } of strokes) {
    if (ax === bx && ay === by) {
      drawDisk(brush, { x: ax, y: ay, radius, color, opacity });
      continue;
    }
    brush.globalAlpha = opacity;
    brush.strokeStyle = color;
    brush.lineWidth = 2 * radius;
    brush.beginPath();
    brush.moveTo(ax, ay);
    brush.lineTo(bx, by);
    brush.stroke();
  }
}

function drawLabels(brush: Brush, { labels, lineHeight, theme }: VectorPicture): void {
  styleLabels(brush, theme);
  for (const { text, font, left, role, top, opacity } of labels) {
    brush.fillStyle = colorOf(theme, role);
    brush.globalAlpha = opacity;
    brush.font = font;
    brush.strokeText(text, left, top + lineHeight / 2);
    brush.fillText(text, left, top + lineHeight / 2);
  }
}
