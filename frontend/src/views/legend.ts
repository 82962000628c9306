import { html, nothing, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { count, short } from "../format";
import type { Theme } from "../host/host";
import {
  CATEGORY_COLORS,
  categoricalColormap,
  cssGradient,
  divergingColormap,
  sequentialColormap,
} from "../scatter/colors";
import type { Scatter, ScatterTheme } from "../scatter/scatter";
import { cleanLabel } from "../scatter/text";
import type { ColorValues } from "../state/colors";
import { MEASURE_NAMES, text } from "../strings";
import { PALETTES } from "../theme/palette";

/** What the colors of the map mean; nothing without values. */
export function legend(colors: ColorValues | null, theme: Theme): TemplateResult | typeof nothing {
  if (!colors) return nothing;
  return html`<figure class="legend">
    <figcaption class="ellipsis">${colorTitle(colors)}</figcaption>
    ${colors.categories ? swatches(colors) : ramp(colors, theme)}
  </figure>`;
}

function ramp(colors: ColorValues, theme: Theme): TemplateResult {
  const background = cssGradient(colormapOf(colors, theme));
  const [below, above] = colors.cut;
  const [from, to] = colors.domain.map((end) => numberText(colors, end));
  return html`<div class="ramp" style=${styleMap({ background })}></div>
    <div class="ends">
      <span>${below ? "≤ " : ""}${from}</span>
      <span>${above ? "≥ " : ""}${to}</span>
    </div>`;
}

function swatches({ categories }: ColorValues): TemplateResult {
  const item = (name: string | null, place: number) => html`<li>
    <i style=${styleMap({ background: CATEGORY_COLORS[place] })}></i>
    <span class="ellipsis token">${categoryName(name)}</span>
  </li>`;
  return html`<ul>
    ${categories?.map(item)}
  </ul>`;
}

/** The value of a row, as cards show it. */
export function valueText(colors: ColorValues, row: number): string {
  const value = colors.values[row] ?? Number.NaN;
  if (!colors.categories) return numberText(colors, value);
  return categoryName(colors.categories[value] ?? null);
}

/** What the color says, without the steps. */
export function colorName({ source }: ColorValues): string {
  return "column" in source ? cleanLabel(source.column) : MEASURE_NAMES[source.measure];
}

function colorTitle(colors: ColorValues): string {
  const { source } = colors;
  if ("column" in source) return colorName(colors);
  return text.colorTitle(colorName(colors), count(source.from_step), count(source.to_step));
}

function numberText({ whole }: ColorValues, value: number): string {
  return whole && Number.isFinite(value) ? count(Math.round(value)) : short(value);
}

function categoryName(name: string | null): string {
  return name === null ? text.otherValues : cleanLabel(name);
}

/** Hands the colors to the renderer; points without a value are gray. */
export function giveColors(scatter: Scatter, colors: ColorValues | null, theme: Theme): void {
  if (!colors) scatter.setValues(null, [0, 1], sequentialColormap(theme === "dark"));
  else scatter.setValues(colors.values, colors.domain, colormapOf(colors, theme));
}

function colormapOf({ categories, diverging }: ColorValues, theme: Theme): Uint8Array {
  if (categories) return categoricalColormap();
  return diverging ? divergingColormap(theme === "dark") : sequentialColormap(theme === "dark");
}

export function scatterTheme(theme: Theme): ScatterTheme {
  const palette = PALETTES[theme];
  return {
    background: palette.ground,
    label: palette.text,
    labelHalo: palette.halo,
    accent: palette.accent,
    muted: palette.line,
  };
}
