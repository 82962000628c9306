/** Saves the map and figures of charts as PNG or SVG files. */

import { brushOf, resizeCanvas } from "../scatter/brush";
import { canvasCopy } from "../scatter/map_canvas";
import type { Scatter } from "../scatter/scatter";
import { countInView, snapshotOf } from "../scatter/snapshot";
import { download, fileName } from "../util/download";
import { type Figure, figureSvg } from "./figure";
import type { MapAnnotations } from "./map_annotations";
import { MOST_SVG_POINTS, mapSvg, overlaySvg } from "./map_svg";

export type ImageFormat = "png" | "svg";

/** Pixels to a CSS pixel in PNG files. */
const PNG_RATIO = 2;
/** The longest side of a canvas that all browsers draw, pixels. */
const LONGEST = 8192;

/**
 * Saves the map with labels, legend and caption.
 *
 * @param parts what the name of the file is made of
 * @returns that name, and how many points the image has and are in view if it lacks some
 */
export async function saveMap(
  scatter: Scatter,
  format: ImageFormat,
  annotations: MapAnnotations,
  parts: readonly string[],
): Promise<{ name: string; points?: number; of?: number }> {
  const name = fileName(parts, format);
  if (format === "png") {
    const { width, height } = scatter.viewpoint.size;
    const canvas = canvasCopy(scatter.drawing, ratioOf(width, height));
    download(await png(canvas, overlaySvg(annotations, { width, height })), name);
    return { name };
  }
  const snapshot = snapshotOf(scatter.drawing, MOST_SVG_POINTS, performance.now());
  download(svgFile(mapSvg(snapshot, annotations)), name);
  return { name, points: snapshot.points.length, of: countInView(scatter.drawing) };
}

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
  const name = fileName(parts, format);
  if (format === "svg") download(svgFile(svg), name);
  else {
    const canvas = document.createElement("canvas");
    const { width } = figure;
    resizeCanvas(canvas, { width, height }, ratioOf(width, height));
    download(await png(canvas, svg), name);
  }
  return name;
}

/** Returns an SVG document as an image. The document may use no other fonts or images. */
export async function imageOf(svg: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  return image;
}

function ratioOf(width: number, height: number): number {
  return Math.min(PNG_RATIO, LONGEST / Math.max(width, height));
}

function svgFile(svg: string): Blob {
  return new Blob([svg], { type: "image/svg+xml" });
}

/** Draws an SVG document over a canvas and returns both as a PNG file. */
async function png(canvas: HTMLCanvasElement, svg: string): Promise<Blob> {
  brushOf(canvas).drawImage(await imageOf(svg), 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("The browser could not make a picture of this size."));
    }, "image/png");
  });
}
