import type { Drift, Health, Quantiles, Series } from "../api/contract.gen";
import { atLeast, defaultFloor, matches, orderByText, orderByValue, quantiles } from "./ranking";
import type { Sort, State } from "./state";
import { memo } from "./store";

/** What follows from the state. Everything costly is kept until its inputs change. */

/** The series on screen: the one asked for, else the first. */
export function seriesOf(state: State): Series | null {
  const all = state.slots.index.value?.series ?? [];
  const { run, tag } = state.view;
  return (
    all.find((series) => series.run === run && series.tag === tag) ??
    all.find((series) => series.run === run) ??
    all[0] ??
    null
  );
}

/** The step on screen: the one asked for or the last before it, else the newest. */
export function stepOf(state: State): number | null {
  return closest(seriesOf(state)?.steps ?? [], state.view.step, -1);
}

/** The step that drift is measured from. */
export function derivedReference(state: State): number | null {
  return closest(seriesOf(state)?.steps ?? [], state.view.reference, 0);
}

function closest(steps: readonly number[], asked: number | null, fallback: number): number | null {
  const before = asked === null ? undefined : steps.findLast((step) => step <= asked);
  return before ?? (asked === null ? steps.at(fallback) : steps[0]) ?? null;
}

/** The step before the one on screen. */
export function previousStep(state: State): number | null {
  const steps = seriesOf(state)?.steps ?? [];
  const step = stepOf(state);
  return step === null ? null : (steps[steps.indexOf(step) - 1] ?? null);
}

/** The row that the inspector shows. */
export function inspectedRow(state: State): number | null {
  return state.view.selection.at(-1) ?? null;
}

const FREQUENCY_NAMES = ["frequency", "count", "freq", "counts"];

/** The column that says how often a token occurs, if one was logged. */
export function frequencyColumn(series: Series | null): string | null {
  const numbers = series?.columns.filter(({ kind }) => kind === "number") ?? [];
  const found = numbers.find(({ name }) => FREQUENCY_NAMES.includes(name.toLowerCase()));
  return found?.name ?? null;
}

const numbered = memo((count: number) => Array.from({ length: count }, (_, row) => `#${row}`));

/** The label of each row: the token, or its number where no tokens were logged. */
export function labelsOf(state: State): readonly string[] {
  const series = seriesOf(state);
  if (!series) return [];
  if (!series.has_tokens) return numbered(series.vocab_size);
  return state.slots.tokens.value?.tokens ?? [];
}

export function labelOf(state: State, row: number): string {
  return labelsOf(state)[row] ?? `#${row}`;
}

/** How often each token occurs; null without such a column. */
export function frequencyOf(state: State): readonly (number | null)[] | null {
  return frequencyColumn(seriesOf(state)) ? (state.slots.frequency.value?.numbers ?? null) : null;
}

const floorOf = memo(defaultFloor);

/** Tokens that occur less often are left out of the ranking. */
export function minFrequencyOf(state: State): number {
  const frequency = frequencyOf(state);
  return frequency ? (state.view.minFrequency ?? floorOf(frequency)) : 0;
}

export interface Ranking {
  /** Rows above the floor, in order. */
  order: Uint32Array;
  /** Places in `order` that the search leaves. */
  places: Uint32Array;
  /** Tokens that the search finds below the floor. */
  hidden: number;
}

const orderOf = memo(
  (
    by: Sort["by"],
    descending: boolean,
    drift: Float32Array,
    labels: readonly string[],
    frequency: readonly (number | null)[] | null,
  ) => {
    if (by === "token" && labels.length) return orderByText(labels, descending);
    if (by === "frequency" && frequency) {
      return orderByValue(
        frequency.map((count) => count ?? Number.NaN),
        descending,
      );
    }
    return orderByValue(drift, descending);
  },
);

const rank = memo(
  (
    all: Uint32Array,
    labels: readonly string[],
    frequency: readonly (number | null)[] | null,
    floor: number,
    query: string,
  ): Ranking => {
    const order = atLeast(all, frequency, floor);
    const places = matches(order, labels, query);
    const found = query.trim() ? matches(all, labels, query).length : all.length;
    return { order, places, hidden: found - places.length };
  },
);

/** The vocabulary in the order of the table; null until drift is there. */
export function rankingOf(state: State): Ranking | null {
  const drift = state.slots.drift.value;
  if (!drift) return null;
  const { sort, query } = state.view;
  const labels = labelsOf(state);
  const frequency = frequencyOf(state);
  const all = orderOf(
    frequency || sort.by !== "frequency" ? sort.by : "drift",
    sort.descending,
    drift.values,
    labels,
    frequency,
  );
  return rank(all, labels, frequency, minFrequencyOf(state), query);
}

/** Quantiles of drift from the first step, where there is none at the first step itself. */
export const driftFromFirst = memo((health: Health): Quantiles => {
  const start = ([, ...rest]: (number | null)[]) => [0, ...rest];
  const { p10, p50, p90, max } = health.drift_from_first;
  return { p10: start(p10), p50: start(p50), p90: start(p90), max: start(max) };
});

const priority = memo(
  (drift: Float32Array, frequency: readonly (number | null)[] | null, floor: number) => {
    const all = orderByValue(drift, true);
    const common = atLeast(all, frequency, floor);
    if (common === all) return all;
    const kept = new Set(common);
    const order = new Uint32Array(all.length);
    order.set(common);
    order.set(
      all.filter((row) => !kept.has(row)),
      common.length,
    );
    return order;
  },
);

/** Rows in the order in which the map labels them: the most drifted of the common first. */
export function labelPriority(state: State): Uint32Array | null {
  const drift = state.slots.drift.value;
  return drift && priority(drift.values, frequencyOf(state), minFrequencyOf(state));
}

const maskOf = memo((tokens: readonly string[], query: string) => {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return null;
  return Uint8Array.from(tokens, (token) => (token.toLowerCase().includes(wanted) ? 1 : 0));
});

/** 1 for each row that the search finds; null without a search. */
export function searchMask(state: State): Uint8Array | null {
  return maskOf(labelsOf(state), state.view.query);
}

export interface ColorValues {
  /** Where the values come from: drift between two steps, or a column. */
  source: Drift | { column: string };
  values: Float32Array;
  /** Between two quantiles, so that a few outliers don't gray the rest. */
  domain: readonly [number, number];
  /** Values on both sides of zero: the domain is symmetric about it. */
  diverging: boolean;
}

/** The domain of these values; null if they are all the same. */
function domainOf(values: Float32Array, fromZero: boolean): ColorValues["domain"] | null {
  const [low, high] = quantiles(values, [0.01, 0.99]) ?? [0, 0];
  const size = Math.max(-low, high);
  if (low < 0 && high > 0) return [-size, size];
  const from = fromZero ? Math.min(0, low) : low;
  const to = fromZero ? Math.max(0, high) : high;
  return to > from ? [from, to] : null;
}

const colored = memo(
  (source: ColorValues["source"], values: Float32Array, scale: Float32Array): ColorValues => {
    const fromZero = !("column" in source);
    const domain = domainOf(scale, fromZero) ?? domainOf(values, fromZero) ?? [0, 1];
    return { source, values, domain, diverging: domain[0] < 0 && domain[1] > 0 };
  },
);

const columnValues = memo((numbers: readonly (number | null)[]) =>
  Float32Array.from(numbers, (value) => value ?? Number.NaN),
);

/** What the points are colored by; null until it is there. */
export function colorsOf(state: State): ColorValues | null {
  const { colorBy } = state.view;
  const { drift, newestDrift, stepDrift, color } = state.slots;
  if (colorBy === "step_drift") {
    const last = previousStep(state) === null ? null : stepDrift.value;
    return last && colored(last, last.values, last.values);
  }
  if (colorBy.startsWith("column:")) {
    const { column, numbers } = color.value ?? {};
    if (!column || !numbers || `column:${column}` !== colorBy) return null;
    const values = columnValues(numbers);
    return colored(color.value ?? { column }, values, values);
  }
  const scale = newestDrift.value ?? drift.value;
  // One step has no drift to color by.
  if (seriesOf(state)?.steps.length === 1) return null;
  return drift.value && scale && colored(drift.value, drift.value.values, scale.values);
}
