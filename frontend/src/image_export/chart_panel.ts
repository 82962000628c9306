/** Draws a chart into an exported figure. */

import {
  type Mark,
  marksSvg,
  namesHeight,
  type PlotData,
  plotSvg,
  scaleOf,
} from "../charts/line_plot";
import { textAt } from "../charts/svg_text";
import type { Palette } from "../theme/palette";
import { KEY_LINE, type Key, keysOf, type Panel } from "./figure";

/** Lines over steps, as they are on the page. */
export interface ChartData extends PlotData {
  readonly title: string;
  /** The values at the step on screen. */
  readonly keys: readonly Key[];
  /** The number of lines that the keys take at least, so that plots side by side begin equally high. */
  readonly keyLines: number;
  readonly marks: readonly Mark[];
  /** The height of the plot itself, in CSS pixels. */
  readonly plotHeight: number;
}

const KEYS_AT = 18;
const TYPE = 10;

export function chartPanel(chart: ChartData, palette: Palette): Panel {
  return (width) => {
    const title = textAt(0, 12, chart.title, 12, palette.text, { weight: 600, width });
    const keys = keysOf(chart.keys, width, palette);
    const plotAt = KEYS_AT + Math.max(keys.height, KEY_LINE * chart.keyLines) + 6;
    const size = { width, height: chart.plotHeight, type: TYPE };
    const marks = marksSvg(chart.marks, chart.steps, scaleOf(chart, size));
    const plot = plotSvg(chart, size, palette) + marks;
    return {
      svg: `${title}<g transform="translate(0 ${KEYS_AT})">${keys.svg}</g><g transform="translate(0 ${plotAt})">${plot}</g>`,
      height: plotAt + chart.plotHeight + namesHeight(TYPE),
    };
  };
}
