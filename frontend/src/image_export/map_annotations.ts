/** Draws title, caption and legend upon an exported image of the map, as SVG. */

import { escaped, textAt } from "../charts/svg_text";
import type { Size } from "../scatter/geometry";
import type { Palette } from "../theme/palette";
import { FAMILY } from "../theme/typography";

export interface MapAnnotations {
  /** The run, tag and step. The lines below say what the axes are and how far to trust them. */
  readonly title: string;
  readonly lines: readonly string[];
  readonly legend: Legend | null;
  readonly palette: Palette;
}

export interface Legend {
  readonly title: string;
  /** The colors from end to end, and the values at the ends. */
  readonly ramp: { readonly stops: readonly string[]; readonly ends: readonly string[] } | null;
  readonly items: readonly { readonly name: string; readonly color: string }[];
  readonly sizes: string | null;
}

const MARGIN = 12;
const PADDING = 8;
const LINE = 16;
const WIDTH = 190;

/** The annotations as SVG elements, for an image of this size in CSS pixels. */
export function annotationsSvg(annotations: MapAnnotations, size: Size): string {
  const { title, lines, legend, palette } = annotations;
  const texts = [
    textAt(MARGIN, 22, title, 13, palette.text, { weight: 600 }),
    ...lines.map((line, at) => textAt(MARGIN, 40 + at * LINE, line, 12, palette.muted)),
  ];
  return `<g font-family="${FAMILY}">${texts.join("")}${
    legend ? legendSvg(legend, palette, size) : ""
  }</g>`;
}

function legendSvg(legend: Legend, palette: Palette, size: Size): string {
  const rows: { height: number; draw: (x: number, y: number) => string }[] = [];
  const width = Math.min(WIDTH, size.width - 2 * MARGIN);
  const inner = width - 2 * PADDING;
  const say = (words: string, color = palette.text) => ({
    height: LINE,
    draw: (x: number, y: number) => textAt(x, y + 12, words, 11, color, { width: inner }),
  });
  rows.push(say(legend.title));
  const { ramp } = legend;
  if (ramp) {
    rows.push({ height: 12, draw: (x, y) => rampSvg(ramp.stops, x, y + 3, inner) });
    const [from = "", to = ""] = ramp.ends;
    rows.push({
      height: LINE,
      draw: (x, y) =>
        textAt(x, y + 12, from, 11, palette.muted) +
        textAt(x + inner, y + 12, to, 11, palette.muted, { anchor: "end" }),
    });
  }
  for (const { name, color } of legend.items) {
    rows.push({
      height: LINE,
      draw: (x, y) =>
        `<circle cx="${x + 4}" cy="${y + 8}" r="4" fill="${escaped(color)}"/>${textAt(x + 14, y + 12, name, 11, palette.text, { width: inner - 14 })}`,
    });
  }
  if (legend.sizes !== null) rows.push(say(legend.sizes, palette.muted));
  const height = rows.reduce((sum, row) => sum + row.height, 0) + PADDING + 4;
  const top = size.height - MARGIN - height;
  let y = top + PADDING / 2;
  const drawn = rows.map((row) => {
    const svg = row.draw(MARGIN + PADDING, y);
    y += row.height;
    return svg;
  });
  return `<rect x="${MARGIN}" y="${top}" width="${width}" height="${height}" rx="4" fill="${escaped(palette.ground)}" stroke="${escaped(palette.hairline)}"/>${drawn.join("")}`;
}

function rampSvg(stops: readonly string[], x: number, y: number, width: number): string {
  const marks = stops.map(
    (color, at) =>
      `<stop offset="${((100 * at) / (stops.length - 1)).toFixed(1)}%" stop-color="${escaped(color)}"/>`,
  );
  return `<linearGradient id="ramp">${marks.join("")}</linearGradient><rect x="${x}" y="${y}" width="${width}" height="6" rx="2" fill="url(#ramp)"/>`;
}
