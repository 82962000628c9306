/** Writes SVG documents and their texts. */

import { FAMILY } from "../theme/palette";

export interface TextStyle {
  readonly weight?: number;
  readonly anchor?: "middle" | "end";
  /** Longer texts are squeezed into it. */
  readonly width?: number;
}

/** How wide a letter is at most, as a share of its size: taken where no font can be measured. */
const LETTER = 0.6;
let brush: CanvasRenderingContext2D | null | undefined;

/** Returns an SVG document; sizes are CSS pixels. */
export function svgDocument(width: number, height: number, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FAMILY}">
${content}
</svg>
`;
}

/** Writes a line of text as an SVG element, its baseline at `y`. */
export function textAt(
  x: number,
  y: number,
  words: string,
  size: number,
  color: string,
  { weight = 400, anchor, width }: TextStyle = {},
): string {
  const tooLong = width !== undefined && widthOf(words, size, weight) > width;
  const squeezed = tooLong ? ` textLength="${short(width)}" lengthAdjust="spacingAndGlyphs"` : "";
  const end = anchor ? ` text-anchor="${anchor}"` : "";
  return `<text x="${short(x)}" y="${short(y)}" font-size="${size}" font-weight="${weight}" fill="${escaped(color)}"${end}${squeezed}>${escaped(words)}</text>`;
}

/** Measures the width of a text, CSS pixels. */
export function widthOf(words: string, size: number, weight = 400): number {
  brush ??= document.createElement("canvas").getContext("2d");
  if (!brush) return words.length * size * LETTER;
  brush.font = `${weight} ${size}px ${FAMILY}`;
  return brush.measureText(words).width;
}

/** Writes a coordinate with as many digits as can be seen. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** Escapes text for XML: tokens are untrusted, and XML has no control characters. */
export function escaped(text: string): string {
  return text
    .replace(/(?![\t\n\r])\p{Cc}|\p{Cs}|[\ufffe\uffff]/gu, "\ufffd")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;")
    .replace(/>/g, "&gt;")
    .replace(/"/g, "&quot;");
}
