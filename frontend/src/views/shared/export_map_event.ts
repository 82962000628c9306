/** Defines the event that asks for a file of the map. */

export type MapFile = "png" | "svg" | "gif";

/** Asks whoever shows the map for a file of it. */
export class ExportMapEvent extends Event {
  constructor(readonly file: MapFile) {
    super("export-map", { bubbles: true, composed: true });
  }
}
