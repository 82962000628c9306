/** Writes the title, caption and legend of an exported image of the map. */

import type { Legend, MapAnnotations } from "../../image_export/map_annotations";
import { stopsOf } from "../../scatter/points/colormaps";
import type { ColorValues, SizeValues } from "../../selectors/map/point_colors";
import { seriesName, stepName, text } from "../../strings";
import { PALETTES } from "../../theme/palette";
import { cleanLabel } from "../../util/label_text";
import { categoryItems, colorName, colorTitle, endsOf, sizeEnds } from "./color_legend";
import { captionLines } from "./map_caption";
import { layerItems } from "./map_layers";
import type { MapSlice } from "./map_slice";
import { colormapOf } from "./point_colormap";
import { runNames } from "./run_map";

function setItems({ sets, theme }: MapSlice): Legend["items"] {
  const { marks } = PALETTES[theme];
  return sets.map(({ name, color }) => ({
    name: cleanLabel(name),
    color: marks[color] ?? marks[0],
  }));
}

export function annotationsOf(slice: MapSlice, stretched: boolean): MapAnnotations {
  const { colors, positions, quality, sizes, step, theme, there } = slice;
  const { run = "", tag = "" } = positions ?? {};
  const title = text.imageTitle(cleanLabel(run), cleanLabel(tag), step);
  const own = captionLines(positions, quality, stretched, true);
  const names = runNames(slice);
  const lines = there ? [text.there(stepName(there.step, there, positions))] : own;
  return {
    title,
    lines: slice.isolated
      ? [...lines, text.isolated(slice.isolated.length, slice.labels.length)]
      : lines,
    names: names ? [text.there(names.other), names.own] : [],
    legend: colors && legendOf(colors, sizes, slice),
    palette: PALETTES[theme],
  };
}

/** Says what the colors show where no legend does. */
export function withoutLegend(all: MapAnnotations): MapAnnotations {
  const { legend, lines } = all;
  if (!legend) return all;
  return { ...all, legend: null, lines: [...lines, text.colorsShow(legend.title)] };
}

/** Writes the lines that hold for all frames of a film: its steps, the layout and its quality. */
export function filmLines({ positions, quality }: MapSlice, steps: readonly number[]): string[] {
  if (!positions) return [];
  const { layout, components } = positions;
  const [shown, ...more] = captionLines(positions, quality, false, true);
  const axes = layout === "pca" ? text.componentsShown(components) : (shown ?? "");
  const trust = quality && more.at(-1);
  return [text.filmed(steps, axes), ...(trust ? [text.qualityAt(trust, quality.step)] : [])];
}

/** Names the two maps of a film: the run on screen without its step, which the title says. */
export function filmNames({ positions, other }: MapSlice, names: readonly string[]): string[] {
  return names.map((name, at) => (at > 0 && positions ? seriesName(positions, other) : name));
}

function legendOf(colors: ColorValues, sizes: SizeValues | null, slice: MapSlice): Legend {
  const { theme } = slice;
  const name = colorName(colors);
  const more = colorTitle(colors, slice.positions);
  const isDrift = !("column" in colors.source);
  const stops = stopsOf(colormapOf(colors, theme));
  return {
    title: more === null ? name : isDrift ? more : `${name}, ${more}`,
    ramp: colors.categories ? null : { stops, ends: endsOf(colors) },
    items: [...categoryItems(colors, theme), ...layerItems(slice, theme), ...setItems(slice)],
    sizes: sizes && text.sizesOf(colorName({ source: sizes }), sizeEnds(sizes)),
  };
}
