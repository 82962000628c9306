/** Writes the texts of the color legend and passes the colors of the points to the renderer. */

import { CATEGORY_COLORS, categoricalColormap, ramp, stopsOf } from "../../scatter/colormaps";
import type { Scene } from "../../scatter/scene";
import { type ColorValues, onScale, type SizeValues } from "../../selectors/point_colors";
import { COLUMN_CHOICES, COLUMN_HEADS, MEASURE_NAMES, text } from "../../strings";
import type { Theme } from "../../theme/palette";
import { cleanLabel } from "../../util/label_text";
import { numeralOf, stepText } from "../../util/number_format";

/** Returns the texts at the two ends of the color ramp. */
export function endsOf(colors: ColorValues): readonly [string, string] {
  const [below, above] = colors.cut;
  const [from, to] = colors.domain.map((end) => numberText(colors, end));
  return [`${below ? "≤ " : ""}${from}`, `${above ? "≥ " : ""}${to}`];
}

export function rampCss(colors: ColorValues, theme: Theme): string {
  return `linear-gradient(to right, ${stopsOf(colormapOf(colors, theme)).join(", ")})`;
}

export interface CategoryItem {
  readonly name: string;
  readonly color: string;
}

export function categoryItems({ categories }: ColorValues): CategoryItem[] {
  return (categories ?? []).map((name, place) => ({
    name: categoryName(name),
    color: CATEGORY_COLORS[place] ?? "#000000",
  }));
}

/** Returns the values of the smallest and of the largest points as text. */
export function sizeEnds({ domain, whole }: SizeValues): string {
  const ends = whole ? domain.map(Math.round) : domain;
  const [from, to] = ends.map(numeralOf(ends));
  return `${from} – ${to}`;
}

/** Returns the value of a row as the hover card shows it. */
export function valueText(colors: ColorValues, row: number): string {
  const value = colors.values[row] ?? Number.NaN;
  if (!colors.categories) return numberText(colors, value);
  return categoryName(colors.categories[value] ?? null);
}

/** Returns the name of what the color shows, without the steps. */
export function colorName({ source }: Pick<ColorValues, "source">): string {
  if (!("column" in source)) return MEASURE_NAMES[source.measure];
  const id = source.column;
  if (id.startsWith("column:")) return cleanLabel(id.slice("column:".length));
  return COLUMN_CHOICES[id] ?? COLUMN_HEADS[id] ?? id;
}

/** Returns the name of what the color shows with its steps; null if it does not depend on steps. */
export function colorTitle(colors: ColorValues): string | null {
  const { source } = colors;
  if ("column" in source) return colors.log ? text.logScale : null;
  return text.colorTitle(colorName(colors), stepText(source.from_step), stepText(source.to_step));
}

function numberText({ values }: ColorValues, value: number): string {
  return numeralOf(values)(value);
}

function categoryName(name: string | null): string {
  return name === null ? text.otherValues : cleanLabel(name);
}

/** Passes the colors to the renderer; points without a value are gray. */
export function giveColors(scene: Scene, colors: ColorValues | null, theme: Theme): void {
  if (!colors) {
    scene.setValues(null, [0, 1], ramp("sequential", theme));
    return;
  }
  const { values, domain } = onScale(colors);
  scene.setValues(values, domain, colormapOf(colors, theme));
}

export function colormapOf({ categories, diverging }: ColorValues, theme: Theme): Uint8Array {
  if (categories) return categoricalColormap();
  return ramp(diverging ? "diverging" : "sequential", theme);
}
