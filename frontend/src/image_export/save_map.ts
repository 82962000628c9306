/** Saves an image of the map as a PNG or SVG file. */

import type { Scatter } from "../scatter/scatter";
import { download } from "../util/download";
import { fileName } from "../util/file_name";
import type { MapAnnotations } from "./map_annotations";
import { MOST_SVG_POINTS, mapSvg, overlaySvg } from "./map_svg";
import { blobOf, imageOf, LONGEST, PNG_RATIO } from "./raster";

/** What is written about a file that was saved. */
export interface Saved {
  readonly name: string;
  /** Points in the image, and points in view. */
  readonly points: number;
  readonly of: number;
}

/** The map as an image of points, with labels, legend and caption. */
export async function savePng(
  scatter: Scatter,
  annotations: MapAnnotations,
  parts: readonly string[],
): Promise<Saved> {
  const { size, pointsInView } = scatter.snapshot(0);
  const ratio = Math.min(PNG_RATIO, LONGEST / Math.max(size.width, size.height));
  const canvas = scatter.paint(ratio);
  const brush = canvas.getContext("2d");
  if (brush === null) throw new Error("This browser offers no 2-D canvas.");
  const overlay = await imageOf(overlaySvg(annotations, size));
  brush.drawImage(overlay, 0, 0, canvas.width, canvas.height);
  const name = fileName(parts, "png");
  download(await blobOf(canvas), name);
  return { name, points: pointsInView, of: pointsInView };
}

/** The map as elements to edit. */
export function saveSvg(
  scatter: Scatter,
  annotations: MapAnnotations,
  parts: readonly string[],
): Saved {
  const map = scatter.snapshot(MOST_SVG_POINTS);
  const name = fileName(parts, "svg");
  download(new Blob([mapSvg(map, annotations)], { type: "image/svg+xml" }), name);
  return { name, points: map.points.length, of: map.pointsInView };
}
