/** Defines the event that requests an export of the map. */

export type MapFile = "png" | "svg" | "gif";

/** Requests a file of the map from the map pane. */
export class ExportMapEvent extends Event {
  constructor(readonly file: MapFile) {
    super("export-map", { bubbles: true, composed: true });
  }
}
