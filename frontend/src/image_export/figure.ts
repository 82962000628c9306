/** Lays out an exported figure: title, key, and rows of panels, as one SVG document. */

import { escaped, svgDocument, textAt, widthOf } from "../charts/svg_text";
import type { Palette } from "../theme/palette";

/** A part of a figure as SVG elements from (0, 0) on, and how high they are. */
export interface Drawn {
  readonly svg: string;
  readonly height: number;
}

/** Draws a part of a figure into a width in CSS pixels. */
export type Panel = (width: number) => Drawn;

/** An entry of the key: a sign and its meaning, or words alone. */
export interface Key {
  readonly words: string;
  /** The color of the sign; undefined for words alone. */
  readonly color?: string;
  /** The lengths of dashes and gaps; undefined for a full line. */
  readonly dash?: string;
  readonly width?: number;
}

/** Charts and lists on one sheet, with a title and a key. */
export interface Figure {
  readonly title: string;
  readonly keys: readonly Key[];
  readonly rows: readonly (readonly Panel[])[];
  /** The width in CSS pixels. The height follows from the content. */
  readonly width: number;
  readonly palette: Palette;
}

const MARGIN = 16;
const GAP = 24;
const SWATCH = 14;
const KEY_SIZE = 11;
/** The height of a line of keys. */
export const KEY_LINE = 16;

export function figureSvg({ title, keys, rows, width, palette }: Figure): Drawn {
  const inner = width - 2 * MARGIN;
  const parts = [
    `<g transform="translate(${MARGIN} 0)">${textAt(0, 26, title, 14, palette.text, { weight: 600, width: inner })}</g>`,
  ];
  let y = 36;
  const legend = keysOf(keys, inner, palette);
  parts.push(placed(legend, MARGIN, y));
  y += legend.height;
  for (const row of rows) {
    y += GAP / 2;
    const wide = (inner - GAP * (row.length - 1)) / row.length;
    const drawn = row.map((panel) => panel(wide));
    parts.push(...drawn.map((one, at) => placed(one, MARGIN + at * (wide + GAP), y)));
    y += Math.max(0, ...drawn.map(({ height }) => height));
  }
  const height = Math.ceil(y + MARGIN);
  const ground = `<rect width="100%" height="100%" fill="${escaped(palette.ground)}"/>`;
  return { svg: svgDocument(width, height, [ground, ...parts].join("\n")), height };
}

/** Stacks parts below each other. */
export function stacked(parts: readonly Drawn[]): Drawn {
  let height = 0;
  const drawn = parts.map((part) => {
    height += part.height;
    return placed(part, 0, height - part.height);
  });
  return { svg: drawn.join(""), height };
}

export function placed({ svg }: Drawn, x: number, y: number): string {
  return `<g transform="translate(${Math.round(x)} ${Math.round(y)})">${svg}</g>`;
}

/** Draws the entries of a key, on as many lines as they need. */
export function keysOf(keys: readonly Key[], width: number, palette: Palette): Drawn {
  if (!keys.length) return { svg: "", height: 0 };
  let x = 0;
  let y = 0;
  const parts = keys.map((key) => {
    const sign = key.color === undefined ? 0 : SWATCH + 4;
    const room = width - sign;
    const wide = sign + Math.min(widthOf(key.words, KEY_SIZE), room);
    if (x > 0 && x + wide > width) {
      x = 0;
      y += KEY_LINE;
    }
    const said = textAt(x + sign, y + 12, key.words, KEY_SIZE, palette.muted, { width: room });
    const svg = swatch(key, x, y + 8) + said;
    x += wide + 12;
    return svg;
  });
  return { svg: parts.join(""), height: y + KEY_LINE };
}

function swatch({ color, dash, width = 2 }: Key, x: number, y: number): string {
  if (color === undefined) return "";
  const dashed = dash ? ` stroke-dasharray="${dash}"` : "";
  return `<path d="M${Math.round(x)} ${y}h${SWATCH}" stroke="${escaped(color)}" stroke-width="${width}"${dashed}/>`;
}
