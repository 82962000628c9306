/** Decides which values color and size the points; views/map/point_colormap.ts has the colors. */

import type { Drift } from "../../api/contract.gen";
import type { Values } from "../../filter/filter_operators";
import {
  areLowFirst,
  mapStep,
  previewedStep,
  previousStep,
  seriesOf,
  stepOf,
  usualColumn,
} from "../../state/current";
import type { State } from "../../state/state";
import { MEASURES } from "../../state/view";
import { quantiles, rangeOf } from "../../statistics/quantiles";
import { filled } from "../../util/fill_array";
import { memo } from "../../util/memo";
import { valuesOf } from "../table/column_values";
import {
  availableColumns,
  OF_NEIGHBORS,
  OF_ONE_STEP,
  type TableColumn,
} from "../table/table_columns";
import { type Category, colorEntries, countValues, valuePlaces, withColors } from "./categories";

/** The values that color the points of the map, and their scale. */
export interface ColorValues {
  /** Where the values come from: drift between two steps, or a column of the table. */
  source: Drift | { column: string };
  /** One value per row. For texts, the place of the row's text in `categories`. */
  values: Float32Array;
  /** The ends of the scale: two quantiles, so that outliers don't give all other points one color. */
  domain: readonly [number, number];
  /** Whether there are values below and above the domain. */
  cut: readonly [boolean, boolean];
  /** Whether values are on both sides of zero: then the domain is symmetric about it. */
  diverging: boolean;
  /** Whether low values stand out. */
  low: boolean;
  whole: boolean;
  /** Whether a few amounts are many times the usual one: then colors show logarithms. */
  log: boolean;
  /** All texts that there are, the most frequent first; null for numbers. */
  categories: readonly Category[] | null;
}

/** If the largest usual value is so many times the median, colors show logarithms. */
const SKEW = 12;

/** Columns left out: "drift" shows the chosen measure already, and a trend is not a number. */
const NOT_TO_COLOR_BY: ReadonlySet<string> = new Set(["trend", ...MEASURES]);

export function colorColumns(state: State): readonly TableColumn[] {
  return availableColumns(state).filter(({ id }) => !NOT_TO_COLOR_BY.has(id));
}

/** Returns the columns of numbers that can say how large points are. */
export function sizeColumns(state: State): readonly TableColumn[] {
  return colorColumns(state).filter(({ kind }) => kind === "number");
}

/** Returns what to color by: what was asked for, or the usual column where the series has no such one. */
export function colorByOf(state: State): string {
  const { colorBy } = state.view;
  return (colorBy && known(colorColumns(state), colorBy)) || usualColumn(state);
}

/** Returns what says how large points are; null for nothing. */
export function sizeByOf(state: State): string | null {
  return known(sizeColumns(state), state.view.sizeBy);
}

/** Returns the id of a column that there is; the frequency is one of the logged columns, too. */
function known(columns: readonly TableColumn[], id: string): string | null {
  const found = columns.find((column) => column.id === id || `column:${column.name}` === id);
  return found?.id ?? null;
}

/** Returns what the points are colored by; null until it is there, or if no value is finite. */
export function colorsOf(state: State): ColorValues | null {
  const { newestNorms, stepDrift } = state.slots;
  const drift = driftOf(state);
  const id = colorByOf(state);
  if (id === "drift") {
    if (!drift) return null;
    return colored(drift, drift.values, scaleOf(state, drift).values);
  }
  if (id === "step_drift") {
    const last = previousStep(seriesOf(state), mapStep(state)) === null ? null : stepDrift.value;
    return last && colored(last, last.values, last.values);
  }
  const values = valuesOnMap(state, id);
  const name = colorColumns(state).find((column) => column.id === id)?.id ?? id;
  if (values?.texts) return byText(name, values.texts, state.view.coloredValues);
  if (!values) return null;
  return byNumber(name, values.numbers, id === "norm" ? (newestNorms.value?.values ?? null) : null);
}

/** Returns whether what to color by is known, and no token has a value of it. */
export function isColorless(state: State): boolean {
  if (colorsOf(state)) return false;
  const id = colorByOf(state);
  if (id !== "step_drift") return valuesOnMap(state, id) !== null;
  const isFirst = previousStep(seriesOf(state), mapStep(state)) === null;
  return isFirst || state.slots.stepDrift.value !== null;
}

function driftOf(state: State): Drift | null {
  const { drift, previewDrift } = state.slots;
  const previewed = previewedStep(state) === null ? null : previewDrift.value;
  return previewed ?? drift.value;
}

/** Returns the norms of the step that is previewed, once they are there. */
function previewedNorms(state: State): Float32Array | null {
  const norms = state.slots.previewNorms.value;
  return norms !== null && norms.step === previewedStep(state) ? norms.values : null;
}

/** Returns the values of a column, of the step on the map where they can be. */
function valuesOnMap(state: State, id: string): Values | null {
  const previewed = id === "norm" ? previewedNorms(state) : null;
  return previewed ? { numbers: previewed } : valuesOf(state, id);
}

/** Columns of a step, which a preview of another one does not change. */
const OF_A_STEP: readonly string[] = [...OF_ONE_STEP, ...OF_NEIGHBORS];

/** Returns the step that the colors are of, where it is not that of the points; null else. */
export function otherColorStep(state: State): number | null {
  const id = colorByOf(state);
  const follows = !OF_A_STEP.includes(id) || (id === "norm" && previewedNorms(state) !== null);
  return previewedStep(state) !== null && !follows ? stepOf(state) : null;
}

/** Colors keep their meaning on the way from the reference to the newest step. */
function scaleOf(state: State, drift: Drift): Drift {
  const newest = state.slots.newestDrift.value;
  if (newest?.measure !== drift.measure || newest.from_step !== drift.from_step) return drift;
  if (!drift.alignment) return drift.to_step >= drift.from_step ? newest : drift;
  const { run, tag } = newest.alignment ?? {};
  return run === drift.alignment.run && tag === drift.alignment.tag ? newest : drift;
}

const colored = memo(
  (
    source: ColorValues["source"],
    values: Float32Array,
    scale: Float32Array,
  ): ColorValues | null => {
    const range = rangeOf(values);
    if (!range) return null;
    const fromZero = !("column" in source);
    const domain = scaleDomain(scale, fromZero) ?? domainOf(values, fromZero) ?? [0, 1];
    return {
      source,
      values,
      domain,
      cut: [range[0] < domain[0], range[1] > domain[1]],
      diverging: domain[0] < 0 && domain[1] > 0,
      low: "column" in source && areLowFirst(source.column),
      whole: scale.every((value) => !Number.isFinite(value) || Number.isInteger(value)),
      log: !fromZero && isSkewed(scale),
      categories: null,
    };
  },
);

/** Returns whether these are amounts of which a few are many times the usual one. */
function isSkewed(values: Float32Array): boolean {
  const [least, median, most] = quantiles(values, [0, 0.5, 0.99]) ?? [-1, 0, 0];
  return least >= 0 && most > SKEW * Math.max(median, Number.EPSILON);
}

/** Returns the domain of a scale, which stays the same from step to step. */
const scaleDomain = memo(domainOf);

/** Returns the domain of these values; null if they are all zero, or none is finite. */
function domainOf(values: Float32Array, fromZero: boolean): ColorValues["domain"] | null {
  const [low, high] = quantiles(values, [0.01, 0.99]) ?? [0, 0];
  const size = Math.max(-low, high);
  if (low < 0 && high > 0) return [-size, size];
  const includeZero = fromZero || low === high;
  const from = includeZero ? Math.min(0, low) : low;
  const to = includeZero ? Math.max(0, high) : high;
  return to > from ? [from, to] : null;
}

const byNumber = memo(
  (column: string, numbers: ArrayLike<number | null>, newest: Float32Array | null) => {
    const values = filled(new Float32Array(numbers.length), (row) => numbers[row] ?? Number.NaN);
    return colored({ column }, values, newest ?? values);
  },
);

const byText = memo(
  (column: string, texts: ArrayLike<string>, chosen: readonly string[]): ColorValues => {
    return {
      source: { column },
      values: valuePlaces(texts),
      domain: [0, 255],
      cut: [false, false],
      diverging: false,
      low: false,
      whole: true,
      log: false,
      categories: withColors(countValues(texts), chosen),
    };
  },
);

/** Values and ends of the domain as colors go by them: logarithms of skewed amounts. */
export function onScale(colors: ColorValues): Pick<ColorValues, "values" | "domain"> {
  const { categories, domain, values } = colors;
  if (categories) return { values: colorEntries(categories, values), domain };
  if (!colors.log) return colors;
  const [from, to] = colors.domain;
  return { values: colors.values.map(Math.log1p), domain: [Math.log1p(from), Math.log1p(to)] };
}

/** How large points are drawn. */
export type SizeValues = NonNullable<ReturnType<typeof sized>>;

const SMALLEST = 0.55;
const LARGEST = 2.6;

/** Returns how large points are; null where all are alike, or until it is known. */
export function sizesOf(state: State): SizeValues | null {
  const id = sizeByOf(state);
  if (id === null) return null;
  const values = id === "step_drift" ? state.slots.stepDrift.value?.values : null;
  const numbers = values ?? valuesOnMap(state, id)?.numbers;
  return numbers ? sized(id, numbers) : null;
}

const sized = memo((column: string, numbers: ArrayLike<number | null>) => {
  // The size of a number counts, not its sign.
  const sizeOf = (row: number) => Math.abs(numbers[row] ?? Number.NaN);
  const all = filled(new Float32Array(numbers.length), sizeOf);
  const colors = colored({ column }, all, all);
  if (!colors) return null;
  const { values, domain } = onScale(colors);
  const [low, high] = domain;
  // The area grows with the value, so the diameter grows with its square root.
  const factors = values.map((value) => {
    const share = Math.min(Math.max((value - low) / (high - low), 0), 1);
    return Number.isNaN(value) ? SMALLEST : SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(share);
  });
  return {
    column,
    /** Factors of the usual diameter; NaN where there is no value. */
    factors,
    /** The values of the smallest and the largest points. */
    domain: colors.domain,
    whole: colors.whole,
  };
});
