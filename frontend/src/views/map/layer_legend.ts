/** Says what the map shows besides its points. */

import type { LegendItem } from "../../image_export/map_annotations";
import { densityColors } from "../../scatter/layers/density_layer";
import { colorOf } from "../../scatter/points/scene";
import type { Doubt } from "../../selectors/map/point_doubt";
import type { MapLayer, View } from "../../state/view";
import { text } from "../../strings";
import { PALETTES, type Theme } from "../../theme/palette";

/** What the meaning of the layers depends on. */
export interface Layers {
  readonly layers: readonly MapLayer[];
  readonly mode: View["mode"];
  /** The step of the reference, if the map shows where tokens were then. */
  readonly shownBefore: number | null;
  readonly doubt: Doubt | null;
}

/** A line about a layer. */
export interface LayerItem extends LegendItem {
  readonly layer: MapLayer;
}

/** Returns a line for each layer that is drawn, and two for a density beside that of the reference. */
export function layerItems(
  { doubt, layers, mode, shownBefore }: Layers,
  theme: Theme,
): LayerItem[] {
  const palette = PALETTES[theme];
  const [now, then] = densityColors(palette);
  const items: LayerItem[] = [
    { layer: "regions", name: text.regionsMean, color: colorOf(palette, "region") },
    { layer: "density", name: text.densityMeans, color: now },
  ];
  if (shownBefore !== null) {
    items.push(
      { layer: "density", name: text.densityBefore(shownBefore), color: then },
      { layer: "flow", name: text.flowMeans(shownBefore), color: palette.text },
    );
  }
  if (doubt) {
    const name = text.doubtMeans(doubt.checked, doubt.shares.length);
    items.push({ layer: "doubt", name, color: palette.others });
  }
  return items.filter(
    ({ layer }) => layers.includes(layer) && (mode === "2d" || layer === "doubt"),
  );
}
