/** Chooses the colormap and the shapes of the points by what colors them. */

import { categoricalColormap, ramp } from "../../scatter/points/colormaps";
import type { Scene } from "../../scatter/points/scene";
import { shapeOf } from "../../scatter/points/shapes";
import { type ColorValues, onScale } from "../../selectors/map/point_colors";
import type { Theme } from "../../theme/palette";
import { filled } from "../../util/fill_array";
import { memo } from "../../util/memo";

/** Passes the colors to the renderer; points without a value are gray. */
export function giveColors(scene: Scene, colors: ColorValues | null, theme: Theme): void {
  if (!colors) {
    scene.setValues(null, [0, 1], ramp("sequential", theme));
    return;
  }
  const { values, domain } = onScale(colors);
  scene.setValues(values, domain, colormapOf(colors, theme));
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
