/** Draws the map as an SVG document. */

import type { Snapshot } from "../scatter/snapshot";
import { FAMILY } from "../theme/typography";
import { annotationsSvg, type MapAnnotations } from "./map_annotations";
import { escaped, short } from "./svg_text";

/** From the top of a label to where its letters stand, in sizes of its type. */
const BASELINE = 11.5 / 12;
/** More points make files that no program opens with ease. */
export const MOST_SVG_POINTS = 20_000;

/** The map as an SVG document: points, trails and labels as elements that can be edited. */
export function mapSvg(map: Snapshot, annotations: MapAnnotations): string {
  const { width, height } = map.size;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" fill="${escaped(map.background)}"/>
<g>${map.points.map(circle).join("\n")}</g>
<g stroke-linecap="round" fill="none">${map.lines.map(line).join("\n")}</g>
<g>${map.marks.map((mark) => ring(mark, map)).join("\n")}</g>
<g ${labelStyle(map)}>${map.labels.map((one) => label(one, map.fontSize)).join("\n")}</g>
${annotationsSvg(annotations, map.size)}
</svg>
`;
}

/** The annotations alone, to be laid over an image of the points. */
export function overlaySvg(
  annotations: MapAnnotations,
  { width, height }: Snapshot["size"],
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${annotationsSvg(annotations, { width, height })}</svg>`;
}

function circle({ x, y, radius, color, opacity }: Snapshot["points"][number]): string {
  const faint = opacity < 1 ? ` fill-opacity="${short(opacity)}"` : "";
  return `<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}" fill="${escaped(color)}"${faint}/>`;
}

function ring(
  { x, y, radius, color }: Snapshot["marks"][number],
  { accent, background }: Snapshot,
): string {
  const at = `cx="${short(x)}" cy="${short(y)}"`;
  return `<circle ${at} r="${short(radius + 3)}" fill="${escaped(accent)}"/><circle ${at} r="${short(radius + 1.5)}" fill="${escaped(background)}"/><circle ${at} r="${short(radius)}" fill="${escaped(color)}"/>`;
}

function line({ ax, ay, bx, by, radius, color, opacity }: Snapshot["lines"][number]): string {
  const isDot = ax === bx && ay === by;
  const paint = escaped(color);
  if (isDot) {
    return `<circle cx="${short(ax)}" cy="${short(ay)}" r="${short(radius)}" fill="${paint}" fill-opacity="${short(opacity)}"/>`;
  }
  return `<path d="M${short(ax)} ${short(ay)}L${short(bx)} ${short(by)}" stroke="${paint}" stroke-opacity="${short(opacity)}" stroke-width="${short(2 * radius)}"/>`;
}

function labelStyle({ labelColor, labelHalo, fontSize }: Snapshot): string {
  return `font-family="${FAMILY}" font-size="${short(fontSize)}" fill="${escaped(labelColor)}" stroke="${escaped(labelHalo)}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`;
}

function label(
  { text, left, top, width, strong }: Snapshot["labels"][number],
  size: number,
): string {
  const weight = strong ? ` font-weight="600"` : "";
  // The width keeps the label beside its point in another font, too.
  return `<text x="${short(left)}" y="${short(top + BASELINE * size)}" textLength="${short(width)}" lengthAdjust="spacingAndGlyphs"${weight}>${escaped(text)}</text>`;
}
