/** Draws the point under the pointer and the lasso on a canvas above the map. */

import { brushOf, resizeCanvas } from "../canvas_brush";
import { drawDisk } from "./canvas_painter";
import type { Drawing } from "./map_drawing";
import { markedDisks, rimOf } from "./vector_picture";

/** A canvas of its own, so that a move of the pointer does not draw the points again. */
export class HoverOverlay {
  private readonly brush = brushOf();
  readonly canvas = this.brush.canvas;

  constructor() {
    Object.assign(this.canvas.style, { pointerEvents: "none", display: "none" });
  }

  draw(drawing: Drawing): void {
    const { brush, canvas } = this;
    const { lasso, scene, view } = drawing;
    const { hovered } = scene;
    const disks = hovered === null ? [] : markedDisks(drawing, hovered, rimOf(1));
    const isBlank = disks.length === 0 && lasso.length === 0;
    // An empty canvas over the points would cost a frame as much as a full one.
    canvas.style.display = isBlank ? "none" : "";
    if (isBlank) return;
    const ratio = window.devicePixelRatio;
    resizeCanvas(canvas, view.size, ratio);
    brush.setTransform(ratio, 0, 0, ratio, 0, 0);
    brush.clearRect(0, 0, view.size.width, view.size.height);
    for (const disk of disks) drawDisk(brush, disk);
    if (lasso.length > 1) drawLasso(brush, drawing);
  }
}

function drawLasso(brush: CanvasRenderingContext2D, { lasso, scene }: Drawing): void {
  brush.beginPath();
  for (const { x, y } of lasso) brush.lineTo(x, y);
  brush.closePath();
  brush.fillStyle = scene.theme.accent;
  brush.globalAlpha = 0.1;
  brush.fill();
  brush.globalAlpha = 1;
  brush.strokeStyle = scene.theme.accent;
  brush.lineWidth = 1.5;
  brush.setLineDash([5, 4]);
  brush.stroke();
  brush.setLineDash([]);
}
