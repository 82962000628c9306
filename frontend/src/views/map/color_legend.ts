/** Writes the texts of the color legend. */

import type { LegendItem } from "../../image_export/map_annotations";
import { stopsOf } from "../../scatter/points/colormaps";
import { shapeOf } from "../../scatter/points/shapes";
import type { ColorValues, SizeValues } from "../../selectors/map/point_colors";
import { columnName, MEASURE_NAMES, type Named, spanOf, text } from "../../strings";
import { PALETTES, type Theme } from "../../theme/palette";
import { cleanLabel } from "../../util/label_text";
import { numeralOf } from "../../util/number_format";
import { colormapOf } from "./point_colormap";

/** Returns the texts at the two ends of the color ramp. */
export function endsOf(colors: ColorValues): readonly [string, string] {
  const [below, above] = colors.cut;
  const [from, to] = colors.domain.map(numeralOf(colors.values));
  return [`${below ? "≤ " : ""}${from}`, `${above ? "≥ " : ""}${to}`];
}

export function rampCss(colors: ColorValues, theme: Theme): string {
  return `linear-gradient(to right, ${stopsOf(colormapOf(colors, theme)).join(", ")})`;
}

/** Returns the values with a color, and one line for all others, for the legend of an image. */
export function categoryItems({ categories }: ColorValues, theme: Theme): LegendItem[] {
  const all = categories ?? [];
  const palette = PALETTES[theme];
  const items = all.flatMap(({ name, color }) =>
    color === null
      ? []
      : [{ name: cleanLabel(name), color: palette.categories[color] ?? "", shape: shapeOf(color) }],
  );
  const others = { name: text.otherValues, color: palette.others };
  return items.length < all.length ? [...items, others] : items;
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
  if (!colors.categories) return numeralOf(colors.values)(value);
  return cleanLabel(colors.categories[value]?.name ?? "");
}

/** Returns the name of what the color shows, without the steps. */
export function colorName({ source }: Pick<ColorValues, "source">): string {
  return "column" in source ? columnName({ id: source.column }) : MEASURE_NAMES[source.measure];
}

/** Returns the name of what the color shows with its steps; null if it does not depend on steps. */
export function colorTitle(colors: ColorValues, shown: Named | null): string | null {
  const { source } = colors;
  if ("column" in source) return colors.log ? text.logScale : null;
  return text.colorTitle(colorName(colors), spanOf(source, shown));
}
