/** Draws the map as an SVG document. */

import { escaped, short, svgDocument } from "../charts/svg_text";
import type { Size } from "../scatter/geometry";
import type { Area } from "../scatter/layers/density_layer";
import type { Label } from "../scatter/layers/label_layer";
import type { Box } from "../scatter/layers/label_placement";
import type { Stroke } from "../scatter/layers/strokes";
import type { Disk, VectorPicture } from "../scatter/painting/vector_picture";
import { colorOf } from "../scatter/points/scene";
import type { Palette } from "../theme/palette";
import { drawnAnnotations, type MapAnnotations, partsOf, shapePath } from "./map_annotations";

/** The distance from the top of a label to the line that its letters stand on, in font sizes. */
const BASELINE = 11.5 / 12;
/** Programs are slow to open files with more points. */
export const MOST_SVG_POINTS = 20_000;

/**
 * Draws one map or two as an SVG document: points, trails and labels are elements that can be edited.
 *
 * @param maps where there are two, each has one of the parts that `partsOf` returns
 */
export function mapSvg(
  maps: readonly VectorPicture[],
  annotations: MapAnnotations,
  size: Size,
): string {
  const ground = escaped(annotations.palette.ground);
  const drawn = maps.map((map, at) => {
    if (maps.length < 2) return shapes(map);
    const { left, top, width, height } = partsOf(size, maps.length)[at] as Box;
    // Points and words beyond the edge of the part are hidden.
    return `<svg x="${short(left)}" y="${short(top)}" width="${short(width)}" height="${short(height)}">
${shapes(map)}
</svg>`;
  });
  return svgDocument(
    size.width,
    size.height,
    `<rect width="100%" height="100%" fill="${ground}"/>
${drawn.join("\n")}
${drawnAnnotations(annotations, size).svg}`,
  );
}

function shapes({ areas, fontSize, labels, marks, points, strokes, theme }: VectorPicture): string {
  return `<g class="density" fill-rule="evenodd">${areas.map(shading).join("\n")}</g>
<g class="points">${points.map(circle).join("\n")}</g>
<g class="density" fill="none">${areas.map(outline).join("\n")}</g>
<g stroke-linecap="round" fill="none">${strokes.map(line).join("\n")}</g>
<g>${marks.map(circle).join("\n")}</g>
<g ${labelStyle(theme, fontSize)}>${labels.map((one) => label(one, fontSize, theme)).join("\n")}</g>`;
}

/** Draws the annotations alone, to be laid over an image of the points. */
export function overlaySvg(annotations: MapAnnotations, size: Size): string {
  return svgDocument(size.width, size.height, drawnAnnotations(annotations, size).svg);
}

function circle({ x, y, radius, shape = 0, color, opacity }: Disk): string {
  const faint = opacity < 1 ? ` fill-opacity="${short(opacity)}"` : "";
  if (shape !== 0) {
    return `<path d="${shapePath(shape, x, y, radius)}" fill="${escaped(color)}"${faint}/>`;
  }
  return `<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}" fill="${escaped(color)}"${faint}/>`;
}

function shading({ lines, color, fill }: Area): string {
  if (fill === 0) return "";
  return `<path d="${pathOf(lines)}" fill="${escaped(color)}" fill-opacity="${short(fill)}"/>`;
}

function outline({ lines, color, stroke }: Area): string {
  return `<path d="${pathOf(lines)}" stroke="${escaped(color)}" stroke-opacity="${short(stroke)}"/>`;
}

function pathOf(lines: Area["lines"]): string {
  const closed = lines.map((line) => {
    const places = Array.from({ length: line.length / 2 }, (_, at) =>
      [...line.subarray(2 * at, 2 * at + 2)].map(short).join(" "),
    );
    return `M${places.join("L")}Z`;
  });
  return closed.join("");
}

function line({ ax, ay, bx, by, radius, color, opacity }: Stroke): string {
  if (ax === bx && ay === by) return circle({ x: ax, y: ay, radius, color, opacity });
  return `<path d="M${short(ax)} ${short(ay)}L${short(bx)} ${short(by)}" stroke="${escaped(color)}" stroke-opacity="${short(opacity)}" stroke-width="${short(2 * radius)}"/>`;
}

function labelStyle({ halo, text }: Palette, fontSize: number): string {
  return `font-size="${short(fontSize)}" fill="${escaped(text)}" stroke="${escaped(halo)}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`;
}

function label(
  { text, left, role, top, width, strong }: Label,
  size: number,
  theme: Palette,
): string {
  const weight = strong ? ` font-weight="600"` : "";
  const fill = role === "text" ? "" : ` fill="${escaped(colorOf(theme, role))}"`;
  // The width keeps the label beside its point in another font, too.
  return `<text x="${short(left)}" y="${short(top + BASELINE * size)}" textLength="${short(width)}" lengthAdjust="spacingAndGlyphs"${weight}${fill}>${escaped(text)}</text>`;
}
