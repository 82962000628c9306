/** Defines a line of a chart and its color. */

import type { Palette } from "../theme/palette";

/** A line of a chart: a value at each step. */
export interface Line {
  label: string;
  values: readonly (number | null)[];
  /** The index of a color among those of the palette for lines. */
  color: 0 | 1 | 2 | 3;
  /** The index of a color of the palette for marks, for the line of a selected token. */
  mark?: number;
  dashed?: boolean;
  /** "edge" lines bound the band and are not drawn themselves. */
  kind?: "line" | "edge";
  /** The width in pixels. A line that lies on another one is the narrower one, so that both are seen. */
  width?: number;
}

/** The color of the other run that one is compared with, as an index of the palette's marks. */
export const OTHERS_MARK = 4;

export function colorOf({ color, mark }: Line, palette: Palette): string {
  return (mark === undefined ? undefined : palette.marks[mark]) ?? palette.series[color];
}
