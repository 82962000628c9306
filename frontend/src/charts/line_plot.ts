/** Draws lines over the steps as SVG, for charts on the page and in exported figures. */

import type { Palette } from "../theme/palette";
import { compact, stepText } from "../util/number_format";
import {
  bandPath,
  isNumber,
  linePath,
  namedSteps,
  type Places,
  runsOf,
  shareOf,
} from "./step_geometry";
import { escaped, short, textAt } from "./svg_text";
import { type Range, tickLabel, valueRange, valueTicks } from "./value_axis";

export interface PlotData {
  readonly steps: readonly number[];
  readonly lines: readonly Line[];
  readonly fromZero: boolean;
  /** The axis of values reaches at least this far, so that small values look small. */
  readonly reach: number | null;
}

/** An upright line at a step; none where the step is null, or not there yet. */
export interface Mark {
  readonly step: number | null;
  readonly color: string;
  readonly dash?: string;
}

/** The sizes of a plot in CSS pixels. */
export interface PlotSize {
  /** The width with the values on the left. */
  readonly width: number;
  /** The height without the names of the steps. */
  readonly height: number;
  /** The size of letters. */
  readonly type: number;
}

/** Room on the right for half of the name of the last step. */
const RIGHT = 14;
const STEP_DIGITS = 4;
/** Dots nearer to each other, in CSS pixels, would touch. */
const DOT_GAP = 6;

/** Straight lines fall on whole pixels, so that they are as strong everywhere. */
const CRISP = 'shape-rendering="crispEdges"';

/** The place of each step and value in a plot, from its upper left corner, CSS pixels. */
export interface Scale extends Places {
  readonly values: Range;
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
}

export function scaleOf({ steps, lines, fromZero, reach }: PlotData, size: PlotSize): Scale {
  const finite = lines.flatMap(({ values }) => values.filter(isNumber));
  const values = valueRange(finite, fromZero, reach);
  const left = 4 * size.type;
  const [right, bottom] = [Math.max(size.width - RIGHT, left + 1), size.height];
  return {
    x: (step) => left + shareOf(steps, step) * (right - left),
    y: (value) => bottom - ((value - values[0]) / (values[1] - values[0] || 1)) * bottom,
    values,
    left,
    right,
    bottom,
  };
}

export function namesHeight(type: number): number {
  return 2 * type;
}

export function plotSvg(data: PlotData, size: PlotSize, palette: Palette): string {
  const scale = scaleOf(data, size);
  return [
    valueAxis(scale, size, palette),
    stepAxis(data, scale, size, palette),
    band(data, scale, palette),
    ...data.lines.map((line) => drawnLine(line, data, scale, palette)),
  ].join("");
}

export function marksSvg(marks: readonly Mark[], steps: readonly number[], scale: Scale): string {
  return marks
    .map((mark) => (steps.includes(mark.step ?? Number.NaN) ? upright(mark, scale) : ""))
    .join("");
}

/** Returns a dot for each value of a line at some places in `steps`. */
export function dotsSvg(
  line: Line,
  { steps }: PlotData,
  places: readonly number[],
  { x, y }: Scale,
  palette: Palette,
): string {
  if (line.kind === "edge") return "";
  const color = escaped(colorOf(line, palette));
  return places
    .filter((at) => isNumber(line.values[at]))
    .map(
      (at) =>
        `<circle cx="${short(x(steps[at] ?? 0))}" cy="${short(y(line.values[at] ?? 0))}" r="2" fill="${color}"/>`,
    )
    .join("");
}

function upright({ step, color, dash }: Mark, { x, bottom }: Scale): string {
  const dashed = dash ? ` stroke-dasharray="${dash}"` : "";
  return `<path d="M${short(x(step ?? 0))} 0V${bottom}" stroke="${escaped(color)}"${dashed} ${CRISP}/>`;
}

function valueAxis({ y, values, left, right }: Scale, { type }: PlotSize, palette: Palette) {
  const ticks = valueTicks(...values).map((value) => {
    const [at, name] = [y(value), tickLabel(value)];
    const grid = `<path d="M${left} ${short(at)}H${short(right)}" stroke="${palette.hairline}" ${CRISP}/>`;
    return grid + textAt(left - 5, at + 0.35 * type, name, type, palette.muted, { anchor: "end" });
  });
  return ticks.join("");
}

function stepAxis({ steps }: PlotData, scale: Scale, { type }: PlotSize, palette: Palette) {
  const { x, left, right, bottom } = scale;
  const y = bottom + 1.4 * type;
  const names = namedSteps(steps, right - left, 4 * type).map((step) => {
    const name = Math.abs(step) < 10_000 ? stepText(step) : compact(step, STEP_DIGITS);
    const text = textAt(x(step), y, name, type, palette.muted, { anchor: "middle" });
    return upright({ step, color: palette.hairline }, scale) + text;
  });
  return names.join("");
}

/** Returns the area between the two edges, if the plot has both. */
function band({ lines, steps }: PlotData, scale: Scale, palette: Palette): string {
  const [low, high] = lines.filter(({ kind }) => kind === "edge");
  if (!low || !high) return "";
  const area = bandPath(steps, low.values, high.values, scale);
  return `<path d="${area}" fill="${escaped(palette.band)}"/>`;
}

function drawnLine(line: Line, data: PlotData, scale: Scale, palette: Palette): string {
  if (line.kind === "edge") return "";
  const { steps } = data;
  const color = escaped(colorOf(line, palette));
  const dash = line.dashed ? ` stroke-dasharray="4 3"` : "";
  const d = linePath(steps, line.values, scale);
  const path = `<path d="${d}" fill="none" stroke="${color}" stroke-width="${line.width ?? 1.5}" stroke-linejoin="round"${dash}/>`;
  const runs = runsOf(steps, line.values);
  const hasRoom = (scale.right - scale.left) / steps.length >= DOT_GAP;
  // One value between two gaps makes no line.
  const dotted = runs.filter((run) => hasRoom || run.length === 1).flat();
  return path + dotsSvg(line, data, dotted, scale, palette);
}

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
