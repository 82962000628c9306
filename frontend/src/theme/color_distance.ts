/** Measures how unlike colors look, and finds marks that are unlike others. */

import { PALETTES, type Theme } from "./palette";

/** Nearer colors are taken for each other. */
const ALIKE = 0.1;

/**
 * Returns the palette's marks, by their places, in the order in which they are given away. The first
 * comes last, because the selection has it; those like one of `colors`, as `#rrggbb`, come after
 * all others.
 */
export function marksUnlike(colors: readonly string[], theme: Theme): number[] {
  const { marks } = PALETTES[theme];
  const usual = marks.map((_, at) => (at + 1) % marks.length);
  const isLike = (mark: number) =>
    colors.some((color) => distance(color, marks[mark] ?? marks[0]) < ALIKE);
  return [...usual.filter((mark) => !isLike(mark)), ...usual.filter(isLike)];
}

/** Returns the distance of two colors in OKLab (Ottosson 2020): about 0.02 can just be seen. */
export function distance(one: string, other: string): number {
  const [a, b] = [oklab(one), oklab(other)];
  return Math.hypot(...a.map((value, at) => value - (b[at] ?? 0)));
}

function oklab(color: string): number[] {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}
