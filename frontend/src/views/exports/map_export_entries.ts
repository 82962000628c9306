/** Shows the entries of the export menu that save the map. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { entries } from "../../theme/menu_styles";
import { ExportMapEvent, type MapFile } from "../shared/export_map_event";
import type { Menu } from "../shared/menu";
import { StateElement } from "../shared/state_element";

function sliceOf({ view }: State) {
  return { hasMap: view.pane !== "projector" };
}

@customElement("wordembed-map-export-entries")
export class MapExportEntries extends StateElement(sliceOf) {
  static override styles = entries;

  protected override render(): TemplateResult | typeof nothing {
    if (!this.slice.hasMap) return nothing;
    return html`<h4>${text.exportMap}</h4>
      ${this.entry("png", text.exportPng, text.exportPngHelp)}
      ${this.entry("svg", text.exportSvg, text.exportSvgHelp)}
      ${this.entry("gif", text.exportGif, text.exportGifHelp)}`;
  }

  private entry(file: MapFile, name: string, help: string): TemplateResult {
    return html`<button class="entry" @click=${() => this.ask(file)}>
      ${name}<small>${help}</small>
    </button>`;
  }

  private ask(file: MapFile): void {
    this.closest<Menu>("wordembed-menu")?.close();
    this.dispatchEvent(new ExportMapEvent(file));
  }
}
