/** Chooses the colors, shapes and sizes of the points by what colors them and by the saved selections. */

import { categoricalColormap, ramp } from "../../scatter/points/colormaps";
import { cssToRgba } from "../../scatter/points/css_colors";
import type { Scene } from "../../scatter/points/scene";
import { shapeOf } from "../../scatter/points/shapes";
import { type ColorValues, onScale } from "../../selectors/map/point_colors";
import { SET_COLORS } from "../../state/set_actions";
import { PALETTES, type Theme } from "../../theme/palette";
import { filled } from "../../util/fill_array";
import { memo } from "../../util/memo";

/**
 * Passes the colors to the renderer: points without a value are gray, and those in a saved selection
 * have the color of the selection.
 */
export function giveColors(
  scene: Scene,
  colors: ColorValues | null,
  setColors: Uint8Array | null,
  theme: Theme,
): void {
  if (setColors) {
    const places = colormapEntries(colors, setColors);
    scene.setValues(places, [0, ENTRIES - 1], colormapWithSets(colors, theme));
  } else if (colors) {
    const { values, domain } = onScale(colors);
    scene.setValues(values, domain, colormapOf(colors, theme));
  } else scene.setValues(null, [0, 1], ramp("sequential", theme));
}

/** Returns the shape of each point; null where all are disks. */
export const shapesOf = memo((colors: ColorValues | null): Uint8Array | null => {
  if (!colors?.categories) return null;
  const { values } = colors;
  const shapes = Uint8Array.from(colors.categories, ({ color }) => shapeOf(color ?? 0));
  return filled(new Uint8Array(values.length), (row) => shapes[values[row] ?? -1] ?? 0);
});

/** Returns the colors that values are drawn with. */
export function colormapOf({ categories, diverging, low }: ColorValues, theme: Theme): Uint8Array {
  if (categories) return categoricalColormap(theme);
  return ramp(diverging ? "diverging" : "sequential", theme, low);
}

const ENTRIES = 256;
/** The number of colormap entries for values; the other entries are colors of selections. */
const FOR_VALUES = ENTRIES - SET_COLORS;
const LARGER = 1.6;

/** Returns the colormap entry of each point; NaN without a value. */
export function colormapEntries(colors: ColorValues | null, setColors: Uint8Array): Float32Array {
  const places = new Float32Array(setColors.length).fill(Number.NaN);
  const scale = colors && onScale(colors);
  const [from, to] = scale?.domain ?? [0, 1];
  // The number of a category is its colormap entry.
  const perUnit = colors?.categories ? 1 : (FOR_VALUES - 1) / (to - from);
  for (let row = 0; row < places.length; row++) {
    const set = setColors[row] as number;
    if (set) places[row] = FOR_VALUES + set - 1;
    else if (scale) {
      const place = ((scale.values[row] ?? Number.NaN) - from) * perUnit;
      places[row] = Math.min(Math.max(place, 0), FOR_VALUES - 1);
    }
  }
  return places;
}

function colormapWithSets(colors: ColorValues | null, theme: Theme): Uint8Array {
  const map = new Uint8Array(ENTRIES * 4);
  if (colors) {
    const whole = colormapOf(colors, theme);
    const step = colors.categories ? 1 : (ENTRIES - 1) / (FOR_VALUES - 1);
    for (let at = 0; at < FOR_VALUES; at++) {
      const source = Math.round(at * step) * 4;
      map.set(whole.subarray(source, source + 4), at * 4);
    }
  }
  PALETTES[theme].marks.forEach((color, at) => {
    map.set(cssToRgba(color), (FOR_VALUES + at) * 4);
  });
  return map;
}

/** Returns the factors of the points' diameter, larger for points in a saved selection. */
export function sizesWithSets(factors: Float32Array | null, setColors: Uint8Array): Float32Array {
  return filled(
    new Float32Array(setColors.length),
    (row) => (factors?.[row] ?? 1) * (setColors[row] ? LARGER : 1),
  );
}
