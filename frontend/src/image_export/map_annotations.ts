/** Draws title, caption and legend upon an exported image of the map, as SVG. */

import { escaped, short, textAt, widthOf } from "../charts/svg_text";
import type { Size } from "../scatter/geometry";
import type { Box } from "../scatter/layers/label_placement";
import { cornersOf } from "../scatter/points/shapes";
import type { Palette } from "../theme/palette";
import { type Drawn, placed, stacked } from "./figure";

export interface MapAnnotations {
  /** The run, tag and step. The lines below say what the axes are and how far to trust them. */
  readonly title: string;
  readonly lines: readonly string[];
  /** What each of two maps shows, as `partsOf` places them; none for one map. */
  readonly names: readonly string[];
  readonly legend: Legend | null;
  readonly palette: Palette;
}

export interface Legend {
  readonly title: string;
  /** The colors from end to end, and the values at the ends. */
  readonly ramp: { readonly stops: readonly string[]; readonly ends: readonly string[] } | null;
  readonly items: readonly LegendItem[];
  readonly sizes: string | null;
}

export interface LegendItem {
  readonly name: string;
  readonly color: string;
  /** Its place in SHAPES; a disk if left out. */
  readonly shape?: number;
}

const MARGIN = 12;
const PADDING = 8;
const LINE = 16;
const WIDTH = 190;
/** Two maps are above each other in images of at most this width, as on screen. */
const NARROW = 520;

/** Returns the parts of an image that so many maps fill, one or two. */
export function partsOf({ width, height }: Size, maps: number): Box[] {
  if (maps < 2) return [{ left: 0, top: 0, width, height }];
  const [left, top] = width > NARROW ? [width / 2, 0] : [0, height / 2];
  const half = { width: width - left, height: height - top };
  return [
    { left: 0, top: 0, ...half },
    { left, top, ...half },
  ];
}

/** Annotations as SVG elements, and the boxes that they cover, in CSS pixels. */
export interface DrawnAnnotations {
  readonly svg: string;
  /** The words at the top. */
  readonly title: Box;
  readonly names: readonly Box[];
  readonly legend: Box | null;
}

/** Draws annotations for an image of this size in CSS pixels. */
export function drawnAnnotations(annotations: MapAnnotations, size: Size): DrawnAnnotations {
  const { title, lines, names, palette } = annotations;
  const words = [
    textAt(MARGIN, 22, title, 13, palette.text, { weight: 600 }),
    ...lines.map((line, at) => textAt(MARGIN, 40 + at * LINE, line, 12, palette.muted)),
  ];
  const widest = Math.max(widthOf(title, 13), ...lines.map((line) => widthOf(line, 12)));
  const height = 28 + lines.length * LINE;
  const parts = names.length ? partsOf(size, names.length) : [];
  const edges = parts.slice(1).map(({ left, top, ...part }) => {
    const along = left ? `v${part.height}` : `h${part.width}`;
    // Texts at the top go across both maps.
    return `<path d="M${left} ${left ? height : top}${along}" stroke="${escaped(palette.hairline)}"/>`;
  });
  const boxes = parts.map(({ left, top, width }) => {
    return { left, top: top || height, width, height: LINE + 4 };
  });
  const named = boxes.map(({ left, top, width }, at) =>
    textAt(left + MARGIN, top + 14, names[at] ?? "", 12, palette.text, {
      ...{ weight: 600, width: width - 2 * MARGIN },
    }),
  );
  const legend = annotations.legend && drawnLegend(annotations.legend, palette, size);
  return {
    svg: [...edges, ...words, ...named, legend?.svg ?? ""].join(""),
    title: { left: 0, top: 0, width: MARGIN + widest, height },
    names: boxes,
    legend: legend?.box ?? null,
  };
}

function drawnLegend(
  { title, ramp, items, sizes }: Legend,
  palette: Palette,
  size: Size,
): { readonly svg: string; readonly box: Box } {
  const width = Math.min(WIDTH, size.width - 2 * MARGIN);
  const inner = width - 2 * PADDING;
  const line = (svg: string): Drawn => ({ height: LINE, svg });
  const say = (words: string, color: string, left = 0) =>
    textAt(left, 12, words, 11, color, { width: inner - left });
  const rows = [line(say(title, palette.text))];
  if (ramp) {
    const [from = "", to = ""] = ramp.ends;
    const end = textAt(inner, 12, to, 11, palette.muted, { anchor: "end" });
    rows.push({ height: 12, svg: rampSvg(ramp.stops, inner) });
    rows.push(line(textAt(0, 12, from, 11, palette.muted) + end));
  }
  for (const { name, color, shape = 0 } of items) {
    const form = shape ? `path d="${shapePath(shape, 4, 8, 3.5)}"` : `circle cx="4" cy="8" r="4"`;
    const sign = `<${form} fill="${escaped(color)}"/>`;
    rows.push(line(sign + say(name, palette.text, 14)));
  }
  if (sizes !== null) rows.push(line(say(sizes, palette.muted)));
  const content = stacked(rows);
  const height = content.height + PADDING + 4;
  const top = Math.round(size.height) - MARGIN - height;
  const ground = `<rect x="${MARGIN}" y="${top}" width="${width}" height="${height}" rx="4" fill="${escaped(palette.ground)}" stroke="${escaped(palette.hairline)}"/>`;
  return {
    svg: ground + placed(content, MARGIN + PADDING, top + PADDING / 2),
    box: { left: MARGIN, top, width, height: height + MARGIN },
  };
}

export function shapePath(shape: number, x: number, y: number, radius: number): string {
  return `M${cornersOf(shape, x, y, radius)
    .map((corner) => corner.map(short).join(" "))
    .join("L")}Z`;
}

function rampSvg(stops: readonly string[], width: number): string {
  const marks = stops.map(
    (color, at) =>
      `<stop offset="${((100 * at) / (stops.length - 1)).toFixed(1)}%" stop-color="${escaped(color)}"/>`,
  );
  return `<linearGradient id="ramp">${marks.join("")}</linearGradient><rect y="3" width="${width}" height="6" rx="2" fill="url(#ramp)"/>`;
}
