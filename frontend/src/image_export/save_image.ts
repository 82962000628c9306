/** Saves pictures of the map and of charts as PNG or SVG files. */

import { brushOf, resizeCanvas } from "../scatter/canvas_brush";
import { download, fileName } from "../util/download";
import { type Figure, figureSvg } from "./figure";

export type ImageFormat = "png" | "svg";

/** Pixels to a CSS pixel in PNG files. */
const PNG_RATIO = 2;
/** The longest side of a canvas that all browsers draw, pixels. */
export const LONGEST = 8192;

/**
 * Saves a figure.
 *
 * @param parts what the name of the file is made of
 * @returns that name
 */
export async function saveFigure(
  figure: Figure,
  format: ImageFormat,
  parts: readonly string[],
): Promise<string> {
  const { svg, height } = figureSvg(figure);
  if (format === "svg") return saveSvg(svg, parts);
  const brush = brushOf();
  const { canvas } = brush;
  const { width } = figure;
  resizeCanvas(canvas, { width, height }, Math.min(PNG_RATIO, LONGEST / Math.max(width, height)));
  brush.drawImage(await imageOf(svg), 0, 0, canvas.width, canvas.height);
  return savePng(canvas, parts);
}

/** Saves an SVG document; returns the name of the file, which is made of `parts`. */
export function saveSvg(svg: string, parts: readonly string[]): string {
  return download(new Blob([svg], { type: "image/svg+xml" }), fileName(parts, "svg"));
}

/** Saves a picture; returns the name of the file, which is made of `parts`. */
export async function savePng(
  canvas: HTMLCanvasElement,
  parts: readonly string[],
): Promise<string> {
  const file = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!file) throw new Error("The browser could not make a picture of this size.");
  return download(file, fileName(parts, "png"));
}

/** Returns an SVG document as an image. The document may use no other fonts or images. */
export async function imageOf(svg: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}
