/** Defines what a file of the map is to be, and the event that requests one. */

/** What the user chose for a file of the map. */
export interface MapFile {
  readonly format: "png" | "svg" | "gif";
  readonly size: "screen" | "1080p" | "4k";
  /** null is the theme of the page. */
  readonly theme: "light" | "dark" | null;
  readonly legend: boolean;
  readonly labels: boolean;
  /** The first and the last step of a film; null is that of the series. */
  readonly from: number | null;
  readonly to: number | null;
  /** How long a film shows each step, seconds. */
  readonly stepSeconds: number;
}

/** The choices of the quick entries of the menu. */
export const QUICK: MapFile = {
  format: "png",
  size: "screen",
  theme: null,
  legend: true,
  labels: true,
  from: null,
  to: null,
  stepSeconds: 1.5,
};

/** Returns the steps that a film shows. */
export function stepsOf({ from, to }: MapFile, steps: readonly number[]): readonly number[] {
  return steps.filter((step) => step >= (from ?? step) && step <= (to ?? step));
}

/** A small picture of a file, and the pixels of the file itself. */
export interface Preview {
  readonly picture: HTMLCanvasElement;
  readonly width: number;
  readonly height: number;
}

/** Requests a file of the map from the map pane, or only a preview of one. */
export class ExportMapEvent extends Event {
  constructor(
    readonly file: MapFile,
    readonly preview: ((preview: Preview) => void) | null = null,
  ) {
    super("export-map", { bubbles: true, composed: true });
  }
}
