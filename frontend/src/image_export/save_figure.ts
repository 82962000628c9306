/** Saves a figure as a PNG or SVG file. */

import { download } from "../util/download";
import { fileName } from "../util/file_name";
import { type Figure, figureSvg } from "./figure";
import { blobOf, imageOf, LONGEST, PNG_RATIO } from "./raster";

export type FigureFormat = "png" | "svg";

/** @returns the name of the file */
export async function saveFigure(
  figure: Figure,
  format: FigureFormat,
  parts: readonly string[],
): Promise<string> {
  const { svg, height } = figureSvg(figure);
  const name = fileName(parts, format);
  const file =
    format === "svg"
      ? new Blob([svg], { type: "image/svg+xml" })
      : await rastered(svg, figure.width, height);
  download(file, name);
  return name;
}

async function rastered(svg: string, width: number, height: number): Promise<Blob> {
  const image = await imageOf(svg);
  const ratio = Math.min(PNG_RATIO, LONGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const brush = canvas.getContext("2d");
  if (brush === null) throw new Error("This browser offers no 2-D canvas.");
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  return blobOf(canvas);
}
