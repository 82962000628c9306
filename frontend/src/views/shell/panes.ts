/** Shows the drift map, the standard Projector, or both side by side. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { StateElement } from "../shared/state_element";
import "../map/map_pane";
import type { ProjectorSource } from "../../api/data_source";
import type { State } from "../../state/state";
import type { MapPane } from "../map/map_pane";

function sliceOf({ view }: State) {
  return { pane: view.pane };
}

@customElement("wordembed-panes")
export class Panes extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: grid;
      grid-auto-columns: minmax(0, 1fr);
      grid-auto-flow: column;
      grid-template-rows: minmax(0, 1fr);
      min-width: 0;
      min-height: 0;
    }
    wordembed-map-pane + wordembed-projector-pane {
      border-left: 1px solid var(--hairline);
    }
    @media (max-width: 760px) {
      :host {
        grid-auto-flow: row;
        grid-auto-rows: minmax(0, 1fr);
        grid-template-rows: none;
      }
      wordembed-map-pane + wordembed-projector-pane {
        border-top: 1px solid var(--hairline);
        border-left: 0;
      }
    }
  `;

  @property({ attribute: false }) source: ProjectorSource | undefined;
  /** Whether the Projector was opened; it stays in the page then, as it takes seconds to load. */
  @state() private hasProjector = false;

  @query("wordembed-map-pane") private map!: MapPane;

  /** Lets the map use a key of the page; returns whether it did. */
  useKey(event: KeyboardEvent): boolean {
    return this.slice.pane !== "projector" && this.map.useKey(event);
  }

  /** Loads the code of the Projector's pane when it opens, as few visits need it. */
  protected override async sync(): Promise<void> {
    if (this.slice.pane === "map") return;
    await import("../projector/projector_pane");
    this.hasProjector = true;
  }

  protected override render(): TemplateResult {
    const { pane } = this.slice;
    return html`
      <wordembed-map-pane .store=${this.store} ?hidden=${pane === "projector"}></wordembed-map-pane>
      ${
        this.hasProjector
          ? html`<wordembed-projector-pane
              .store=${this.store}
              .source=${this.source}
              ?hidden=${pane === "map"}
            ></wordembed-projector-pane>`
          : nothing
      }
    `;
  }
}
