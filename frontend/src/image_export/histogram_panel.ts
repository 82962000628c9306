/** Draws a histogram into an exported figure. */

import { barsSvg } from "../charts/small_charts";
import { short, textAt } from "../charts/svg_text";
import type { Palette } from "../theme/palette";
import { short as digits } from "../util/number_format";
import type { Panel } from "./figure";

/** How many values lie in each of equal parts of 0 to `most`. */
export interface HistogramData {
  readonly title: string;
  readonly reading: string;
  readonly counts: readonly number[];
  readonly mark: number;
  readonly most: number;
}

const TOP = 40;
const HEIGHT = 120;

export function histogramPanel(
  { title, reading, counts, mark, most }: HistogramData,
  palette: Palette,
): Panel {
  return (width) => {
    const x = short(most > 0 ? (width * mark) / most : 0);
    const bottom = TOP + HEIGHT;
    const parts = [
      textAt(0, 12, title, 12, palette.text, { weight: 600, width }),
      textAt(0, 28, reading, 11, palette.muted, { width }),
      `<g transform="translate(0 ${TOP})" fill="${palette.bar}">${barsSvg(counts, width, HEIGHT, 1)}</g>`,
      `<path d="M0 ${bottom}H${short(width)}" stroke="${palette.line}"/>`,
      `<path d="M${x} ${TOP}V${bottom}" stroke="${palette.text}" stroke-dasharray="3 2"/>`,
      textAt(0, bottom + 14, "0", 10, palette.muted),
      textAt(width, bottom + 14, digits(most), 10, palette.muted, { anchor: "end" }),
    ];
    return { svg: parts.join(""), height: bottom + 18 };
  };
}
