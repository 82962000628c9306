/** Shows the buttons at the foot of the map. */

import { html, nothing, type TemplateResult } from "lit";
import { isolateMany } from "../../selectors/label_priority";
import { isolate, toggleArrows, toggleAtReference, toggleAxes } from "../../state/actions";
import { seriesName, text } from "../../strings";
import type { Act } from "../shared/state_element";
import type { MapSlice } from "./map_slice";

/** What the map's buttons do that is no change of the state. */
export interface MapActions {
  toggleLasso(): void;
  zoom(factor: number): void;
  fit(): void;
  cancelExport(): void;
}

function filming(progress: number, actions: MapActions): TemplateResult {
  return html`<span class="chip" role="status">
    <progress max="1" .value=${progress} aria-hidden="true"></progress> ${text.filming(progress)}
    <button class="link" @click=${actions.cancelExport}>${text.cancel}</button>
  </span>`;
}

/** The state that the tools show. */
export interface MapStatus {
  readonly lassoing: boolean;
  readonly outside: number;
  /** The progress of an animated GIF, 0..1; null while none is being made. */
  readonly progress: number | null;
  /** The result of the last export; null if it was dismissed. */
  readonly said: string | null;
}

export function mapTools(
  slice: MapSlice,
  { lassoing, outside, progress, said }: MapStatus,
  actions: MapActions,
  act: Act,
): TemplateResult {
  const { arrows, axes, isolated, selection } = slice;
  return html`<div class="tools">
    ${outside ? html`<span class="chip" title=${text.outsideHelp}>${text.outside(outside)}</span>` : nothing}
    ${progress === null ? nothing : filming(progress, actions)}
    ${said === null ? nothing : html`<span class="chip" role="status">${said}</span>`}
    ${
      isolated
        ? html`<span class="chip" role="status">${text.isolated(isolated.length, slice.labels.length)}
            <button class="link" title=${text.showAllHelp} @click=${() => act(isolate(null))}>${text.showAll}</button>
          </span>`
        : nothing
    }
    <div class="segments" role="toolbar" aria-label=${text.mapTools}>
      <button aria-pressed=${lassoing} title=${text.lassoHelp} @click=${actions.toggleLasso}>
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
          ? html`<button
              aria-pressed=${slice.wantsReference}
              title=${text.atReferenceHelp(seriesName(slice.other, slice.positions))}
              @click=${() => act(toggleAtReference)}
            >
              ${text.reference}
            </button>`
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
      <button title="+" aria-label=${text.zoomIn} @click=${() => actions.zoom(1.5)}>+</button>
      <button title="−" aria-label=${text.zoomOut} @click=${() => actions.zoom(1 / 1.5)}>−</button>
      <button title=${text.fitHelp} @click=${actions.fit}>${text.fit}</button>
    </div>
  </div>`;
}
