/** Shows the buttons at the foot of the map. */

import { html, nothing, type TemplateResult } from "lit";
import type { Series } from "../../api/contract.gen";
import type { Scatter } from "../../scatter/scatter";
import { isolateMany } from "../../selectors/map/label_priority";
import { isolate, toggleArrows, toggleAxes, toggleMapRuns } from "../../state/actions";
import { seriesName, text } from "../../strings";
import type { Act } from "../shared/state_element";
import type { MapExport } from "./map_export";
import { layerMenu } from "./map_layers";
import type { MapSlice } from "./map_slice";

/** What the buttons show and change of the map's element. */
export interface MapControls {
  readonly lassoing: boolean;
  readonly outside: number;
  readonly files: Pick<MapExport, "progress" | "said" | "cancel">;
  readonly scatter: Pick<Scatter, "viewpoint"> | null;
  setLassoing(on: boolean): void;
}

function filming(progress: number, files: MapControls["files"]): TemplateResult {
  return html`<span class="chip" role="status">
    <progress max="1" .value=${progress} aria-hidden="true"></progress> ${text.filming(progress)}
    <button class="link" @click=${() => files.cancel()}>${text.cancel}</button>
  </span>`;
}

export function mapTools(slice: MapSlice, map: MapControls, act: Act): TemplateResult {
  const { arrows, axes, isolated, selection } = slice;
  const { files, lassoing, outside } = map;
  const zoom = (factor: number) => map.scatter?.viewpoint.zoomBy(factor);
  return html`<div class="tools">
    ${outside ? html`<span class="chip" title=${text.outsideHelp}>${text.outside(outside)}</span>` : nothing}
    ${files.progress === null ? nothing : filming(files.progress, files)}
    ${files.said === null ? nothing : html`<span class="chip" role="status">${files.said}</span>`}
    ${
      isolated
        ? html`<span class="chip" role="status">${text.isolated(isolated.length, slice.labels.length)}
            <button class="link" title=${text.showAllHelp} @click=${() => act(isolate(null))}>${text.showAll}</button>
          </span>`
        : nothing
    }
    ${slice.whyOneRun ? html`<span class="chip" title=${text.oneRunHelp}>${text.oneRun[slice.whyOneRun]}</span>` : nothing}
    <div class="row">
      ${layerMenu(slice, act)}
      <div class="segments" role="toolbar" aria-label=${text.mapTools}>
        <button aria-pressed=${lassoing} title=${text.lassoHelp} @click=${() => map.setLassoing(!map.lassoing)}>
          ${text.lasso}
        </button>
        <button ?disabled=${!selection.length} title=${text.isolateHelp} @click=${() => act(isolateMany)}>
          ${text.isolate}
        </button>
        ${
          slice.hasReference
            ? html`<button aria-pressed=${arrows} title=${text.arrowsHelp} @click=${() => act(toggleArrows)}>
                ${text.arrows}
              </button>`
            : nothing
        }
        ${
          slice.hasReference && slice.other
            ? (["other", "both"] as const).map(
                (runs) => html`<button
                  aria-pressed=${slice.runs === runs}
                  title=${text.mapRunsHelp[runs](seriesName(slice.other as Series, slice.positions))}
                  @click=${() => act(toggleMapRuns(runs))}
                >
                  ${text.mapRuns[runs]}
                </button>`,
              )
            : nothing
        }
        <button
          aria-pressed=${axes === "equal"}
          aria-label=${text.equalAxes}
          title=${text.equalAxesHelp}
          @click=${() => act(toggleAxes)}
        >
          1:1
        </button>
        <button class="zoom" title="+" aria-label=${text.zoomIn} @click=${() => zoom(1.5)}>+</button>
        <button class="zoom" title="−" aria-label=${text.zoomOut} @click=${() => zoom(1 / 1.5)}>−</button>
        <button title=${text.fitHelp} @click=${() => map.scatter?.viewpoint.fit()}>${text.fit}</button>
      </div>
    </div>
  </div>`;
}
