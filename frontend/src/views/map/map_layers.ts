/** Says what the map shows besides its points, and lets the user choose it. */

import { html, nothing, type TemplateResult } from "lit";
import "../shared/menu";
import type { LegendItem } from "../../image_export/map_annotations";
import { densityColors } from "../../scatter/layers/density_layer";
import { colorOf } from "../../scatter/points/scene";
import { toggleLayer } from "../../state/map_actions";
import { LAYERS, type MapLayer } from "../../state/view";
import { text } from "../../strings";
import { PALETTES, type Theme } from "../../theme/palette";
import { checkbox, progressBar } from "../shared/controls";
import type { Act } from "../shared/state_element";
import type { MapSlice } from "./map_slice";

export interface LayerItem extends LegendItem {
  readonly layer: MapLayer;
}

/** Leaves the layer of regions out where none is named on the map, as there is nothing to explain. */
export function withLayersSeen(slice: MapSlice, hasRegions: boolean): MapSlice {
  if (hasRegions) return slice;
  return { ...slice, layers: slice.layers.filter((layer) => layer !== "regions") };
}

/** Returns a line for each layer that is drawn, and two for a density beside that of the reference. */
export function layerItems(
  { doubt, layers, mode, shownBefore }: MapSlice,
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

/** Returns a switch for each layer, and what it means once it is drawn. */
export function layerMenu(slice: MapSlice, hasRegions: boolean, act: Act): TemplateResult {
  const isDrawn = (layer: MapLayer) => slice.mode === "2d" || layer === "doubt";
  const isMissing = (layer: MapLayer) => layer === "doubt" && slice.lacksDoubt;
  const items = layerItems(withLayersSeen(slice, hasRegions), slice.theme);
  return html`<wordembed-menu class="layers" side="left" up .label=${`${text.layers} ▴`}>
    <div role="group" aria-label=${text.layersHelp}>
      ${LAYERS.map(
        (layer) => html`
          ${checkbox(
            html`${isMissing(layer) ? text.notInPageOption(text.layerNames[layer]) : text.layerNames[layer]}
            ${isDrawn(layer) ? nothing : html`<span class="muted">${text.onlyFlat}</span>`}
            ${layer === "doubt" ? doubtWork(slice) : nothing}`,
            slice.layers.includes(layer),
            () => act(toggleLayer(layer)),
            { title: text.layerHelp[layer], disabled: !isDrawn(layer) || isMissing(layer) },
          )}
          ${items
            .filter((item) => item.layer === layer)
            .map(
              ({ name, color }) => html`<div class="meaning muted">
                <i class="dot" style="background: ${color}"></i>${name}
              </div>`,
            )}
        `,
      )}
    </div>
  </wordembed-menu>`;
}

function doubtWork({ doubting }: MapSlice): TemplateResult | typeof nothing {
  if (doubting === null) return nothing;
  if (typeof doubting === "string") return html`<span class="problem">${doubting}</span>`;
  return progressBar(doubting);
}
