import type { Drift } from "../api/contract.gen";
import { previousStep, seriesOf } from "./derived";
import { quantiles } from "./ranking";
import type { State } from "./state";
import { memo } from "./store";

/** What the points of the map are colored by, and how it is to be read. */
export interface ColorValues {
  /** Where the values come from: drift between two steps, or a column. */
  source: Drift | { column: string };
  /** One a row. For texts, the place of each row's text in `categories`. */
  values: Float32Array;
  /** Between two quantiles, so that a few outliers don't gray the rest. */
  domain: readonly [number, number];
  /** Whether there are values below and above the domain. */
  cut: readonly [boolean, boolean];
  /** Values on both sides of zero: the domain is symmetric about it. */
  diverging: boolean;
  /** Nothing but whole numbers. */
  whole: boolean;
  /** The most frequent texts, and null for all others together; null for numbers. */
  categories: readonly (string | null)[] | null;
}

/** More colors than these are not told apart among thousands of points. */
const MAX_CATEGORIES = 6;

/** What to color by: what was asked for, or drift where the series has no such column. */
export function colorByOf(state: State): string {
  const { colorBy } = state.view;
  const column = columnIn(colorBy);
  if (column === null) return colorBy;
  return seriesOf(state)?.columns.some(({ name }) => name === column) ? colorBy : "drift";
}

/** The column to color by; null for drift. */
export function colorColumn(state: State): string | null {
  return columnIn(colorByOf(state));
}

function columnIn(colorBy: string): string | null {
  return colorBy.startsWith("column:") ? colorBy.slice("column:".length) : null;
}

/** What the points are colored by; null until it is there, or if no value is finite. */
export function colorsOf(state: State): ColorValues | null {
  const { drift, stepDrift, color } = state.slots;
  // One step has no drift to color by.
  const single = seriesOf(state)?.steps.length === 1;
  const column = colorColumn(state);
  if (column !== null) {
    const { numbers = null, texts = null } = color.value?.column === column ? color.value : {};
    if (numbers) return byNumber(column, numbers);
    return texts && byText(column, texts);
  }
  if (colorByOf(state) === "step_drift") {
    const last = previousStep(state) === null ? null : stepDrift.value;
    return last && colored(last, last.values, last.values);
  }
  if (single || !drift.value) return null;
  return colored(drift.value, drift.value.values, scaleOf(state, drift.value).values);
}

/** Colors keep their meaning on the way from the reference to the newest step. */
function scaleOf(state: State, drift: Drift): Drift {
  const newest = state.slots.newestDrift.value;
  const same = newest?.measure === drift.measure && newest.from_step === drift.from_step;
  return same && drift.to_step >= drift.from_step ? newest : drift;
}

const colored = memo(
  (
    source: ColorValues["source"],
    values: Float32Array,
    scale: Float32Array,
  ): ColorValues | null => {
    const range = quantiles(values, [0, 1]);
    if (!range) return null;
    const fromZero = !("column" in source);
    const domain = domainOf(scale, fromZero) ?? domainOf(values, fromZero) ?? [0, 1];
    return {
      source,
      values,
      domain,
      cut: [range[0] < domain[0], range[1] > domain[1]],
      diverging: domain[0] < 0 && domain[1] > 0,
      whole: scale.every((value) => !Number.isFinite(value) || Number.isInteger(value)),
      categories: null,
    };
  },
);

/** The domain of these values; null if they are all zero, or none is finite. */
function domainOf(values: Float32Array, fromZero: boolean): ColorValues["domain"] | null {
  const [low, high] = quantiles(values, [0.01, 0.99]) ?? [0, 0];
  const size = Math.max(-low, high);
  if (low < 0 && high > 0) return [-size, size];
  const includeZero = fromZero || low === high;
  const from = includeZero ? Math.min(0, low) : low;
  const to = includeZero ? Math.max(0, high) : high;
  return to > from ? [from, to] : null;
}

const byNumber = memo((column: string, numbers: readonly (number | null)[]) => {
  const values = Float32Array.from(numbers, (value) => value ?? Number.NaN);
  return colored({ column }, values, values);
});

const byText = memo((column: string, texts: readonly string[]): ColorValues => {
  const times = new Map<string, number>();
  for (const text of texts) times.set(text, (times.get(text) ?? 0) + 1);
  const byTimes = [...times].sort(([, a], [, b]) => b - a).map(([text]) => text);
  const named = byTimes.slice(0, MAX_CATEGORIES);
  const places = new Map(named.map((text, place) => [text, place]));
  return {
    source: { column },
    values: Float32Array.from(texts, (text) => places.get(text) ?? named.length),
    domain: [0, 255],
    cut: [false, false],
    diverging: false,
    whole: true,
    categories: byTimes.length > named.length ? [...named, null] : named,
  };
});
