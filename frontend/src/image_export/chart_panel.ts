/** Draws a chart into an exported figure. */

import { stepRange, tickLabel, valueRange } from "../charts/axis_ranges";
import { valueTicks } from "../charts/axis_ticks";
import { colorOf, type Line } from "../charts/line";
import { namedSteps } from "../charts/step_geometry";
import type { Palette } from "../theme/palette";
import { compact } from "../util/number_format";
import { type Drawn, KEY_LINE, type Key, keysOf, type Panel } from "./figure";
import { escaped, short, textAt } from "./svg_text";

/** Lines over steps, as they are on the page. */
export interface ChartData {
  readonly title: string;
  /** What is read at the step, of single lines or of all. */
  readonly keys: readonly Key[];
  /** So many lines of keys have room at least: plots beside each other begin alike. */
  readonly keyLines: number;
  readonly steps: readonly number[];
  readonly lines: readonly Line[];
  readonly fromZero: boolean;
  readonly reach: number | null;
  readonly marks: readonly Mark[];
  /** The height of the plot itself, in CSS pixels. */
  readonly plotHeight: number;
}

/** An upright line at a step. */
export interface Mark {
  readonly step: number;
  readonly color: string;
  readonly dash?: string;
}

const KEYS_AT = 18;
const LEFT = 40;
const RIGHT = 14;
const BELOW = 20;
const NAME_GAP = 40;
const STEP_DIGITS = 4;
/** The points of more steps would touch. */
const MOST_POINTED = 30;

/** A chart with its title and what is read in it. */
export function chartPanel(chart: ChartData, palette: Palette): Panel {
  return (width) => {
    const title = textAt(0, 12, chart.title, 12, palette.text, { weight: 600, width });
    const keys = keysOf(chart.keys, width, palette);
    const plotAt = KEYS_AT + Math.max(keys.height, KEY_LINE * chart.keyLines) + 6;
    const plot = plotted(chart, width, palette);
    return {
      svg: `${title}<g transform="translate(0 ${KEYS_AT})">${keys.svg}</g><g transform="translate(0 ${plotAt})">${plot.svg}</g>`,
      height: plotAt + plot.height,
    };
  };
}

/** Where values and steps are in a plot. */
interface Scale {
  x(step: number): number;
  y(value: number): number;
  readonly values: readonly [low: number, high: number];
  readonly right: number;
  readonly bottom: number;
}

function scaleOf(chart: ChartData, width: number): Scale {
  const finite = chart.lines.flatMap(({ values }) => values.filter(isNumber));
  const low = finite.length ? finite.reduce((a, b) => Math.min(a, b)) : null;
  const high = finite.length ? finite.reduce((a, b) => Math.max(a, b)) : null;
  const values = valueRange([low, high], chart.fromZero, chart.reach);
  const [from, to] = stepRange(chart.steps);
  const [right, bottom] = [width - RIGHT, chart.plotHeight];
  return {
    x: (step) => LEFT + ((step - from) / (to - from)) * (right - LEFT),
    y: (value) => bottom - ((value - values[0]) / (values[1] - values[0] || 1)) * bottom,
    values,
    right,
    bottom,
  };
}

function plotted(chart: ChartData, width: number, palette: Palette): Drawn {
  const scale = scaleOf(chart, width);
  const parts = [
    valueAxis(scale, palette),
    stepAxis(chart, scale, palette),
    band(chart, scale, palette),
    ...chart.lines.map((line) => drawnLine(line, chart.steps, scale, palette)),
    ...marksOf(chart).map((mark) => upright(mark, scale)),
  ];
  return { svg: parts.join(""), height: chart.plotHeight + BELOW };
}

function valueAxis({ y, values, right }: Scale, palette: Palette): string {
  return valueTicks(...values)
    .map((value) => {
      const at = short(y(value));
      const grid = `<path d="M${LEFT} ${at}H${short(right)}" stroke="${palette.hairline}"/>`;
      const label = textAt(LEFT - 5, y(value) + 3.5, tickLabel(value), 10, palette.muted, {
        anchor: "end",
      });
      return grid + label;
    })
    .join("");
}

function stepAxis({ steps }: ChartData, { x, right, bottom }: Scale, palette: Palette): string {
  return namedSteps(steps, right - LEFT, NAME_GAP)
    .map((step) => {
      const grid = `<path d="M${short(x(step))} 0V${bottom}" stroke="${palette.hairline}"/>`;
      const words = compact(step, STEP_DIGITS);
      return grid + textAt(x(step), bottom + 14, words, 10, palette.muted, { anchor: "middle" });
    })
    .join("");
}

/** The area between the two edges, where there are both. */
function band({ lines, steps }: ChartData, scale: Scale, palette: Palette): string {
  const [low, high] = lines.filter(({ kind }) => kind === "edge");
  if (!low || !high) return "";
  return runsOf(steps, [low.values, high.values])
    .map((run) => {
      const upper = run.map((at) => pointAt(steps, high.values, at, scale));
      const lower = run.map((at) => pointAt(steps, low.values, at, scale)).reverse();
      return `<path d="M${[...upper, ...lower].join("L")}Z" fill="${escaped(palette.band)}"/>`;
    })
    .join("");
}

function drawnLine(line: Line, steps: readonly number[], scale: Scale, palette: Palette): string {
  if (line.kind === "edge") return "";
  const color = escaped(colorOf(line, palette));
  const dash = line.dashed ? ` stroke-dasharray="4 3"` : "";
  const runs = runsOf(steps, [line.values]);
  const paths = runs.map((run) => {
    const points = run.map((at) => pointAt(steps, line.values, at, scale));
    return `<path d="M${points.join("L")}" fill="none" stroke="${color}" stroke-width="${line.width ?? 1.5}" stroke-linejoin="round"${dash}/>`;
  });
  const dotted = steps.length <= MOST_POINTED ? runs.flat() : runs.flatMap(alone);
  const dots = dotted.map((at) => {
    const [x, y] = pointAt(steps, line.values, at, scale).split(" ");
    return `<circle cx="${x}" cy="${y}" r="2" fill="${color}"/>`;
  });
  return [...paths, ...dots].join("");
}

/** One value between two gaps makes no line. */
function alone(run: readonly number[]): readonly number[] {
  return run.length === 1 ? run : [];
}

/** Leaves out marks at steps that are not there yet. */
function marksOf({ marks, steps }: ChartData): readonly Mark[] {
  return marks.filter(({ step }) => steps.includes(step));
}

function upright({ step, color, dash }: Mark, { x, bottom }: Scale): string {
  const dashed = dash ? ` stroke-dasharray="${dash}"` : "";
  return `<path d="M${short(x(step))} 0V${bottom}" stroke="${escaped(color)}"${dashed}/>`;
}

/** The places of steps between gaps, where all have a value. */
function runsOf(
  steps: readonly number[],
  all: readonly (readonly (number | null)[])[],
): number[][] {
  const runs: number[][] = [[]];
  for (let at = 0; at < steps.length; at++) {
    if (all.every((values) => isNumber(values[at]))) runs.at(-1)?.push(at);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

function pointAt(
  steps: readonly number[],
  values: readonly (number | null)[],
  at: number,
  { x, y }: Scale,
): string {
  return `${short(x(steps[at] ?? 0))} ${short(y(values[at] ?? 0))}`;
}

function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
