/** Shows the menu of what the map shows besides its points. */

import { html, nothing, type TemplateResult } from "lit";
import { toggleLayer } from "../../state/legend_actions";
import { LAYERS, type MapLayer } from "../../state/view";
import { text } from "../../strings";
import { checkbox } from "../shared/controls";
import type { Act } from "../shared/state_element";
import "../shared/menu";
import { layerItems } from "./layer_legend";
import type { MapSlice } from "./map_slice";

/** Returns a switch for each layer, and what it means once it is drawn. */
export function layerMenu(slice: MapSlice, act: Act): TemplateResult {
  const isDrawn = (layer: MapLayer) => slice.mode === "2d" || layer === "doubt";
  const isMissing = (layer: MapLayer) => layer === "doubt" && slice.lacksDoubt;
  const items = layerItems(slice, slice.theme);
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

/** Returns how far the trustworthiness of the tokens is measured, while it is. */
function doubtWork({ doubting }: MapSlice): TemplateResult | typeof nothing {
  if (doubting === null) return nothing;
  if (typeof doubting === "string") return html`<span class="problem">${doubting}</span>`;
  return html`<progress max="1" .value=${doubting} aria-label=${text.measuring}></progress>`;
}
