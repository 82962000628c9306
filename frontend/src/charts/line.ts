/** Defines a line of a chart and its color. */

import type { Palette } from "../theme/palette";

/** A line of a chart: a value at each step. */
export interface Line {
  label: string;
  values: readonly (number | null)[];
  /** Which of the palette's series colors. */
  color: 0 | 1 | 2 | 3;
  /** Which of the palette's marks instead: the line is of a selected token. */
  mark?: number;
  dashed?: boolean;
  /** "edge" lines bound the band and are not drawn themselves. */
  kind?: "line" | "edge";
  /** In pixels; wider ones below, where lines may hide each other. */
  width?: number;
}

/** The color of the other run that one is compared with, as an index of the palette's marks. */
export const OTHERS_MARK = 4;

export function colorOf({ color, mark }: Line, palette: Palette): string {
  return (mark === undefined ? undefined : palette.marks[mark]) ?? palette.series[color];
}
