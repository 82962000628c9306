import type { Drift, Health, Quantiles, Series } from "../api/contract.gen";
import { digestOf, orderBySize } from "../statistics/drift_statistics";
import { commonFirst, defaultFloor } from "../statistics/order_filters";
import { memo } from "../util/memo";
import { rowTest, withLast } from "../util/row_lists";
import type { SearchState } from "./search_state";
import type { State } from "./state";

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

/** The step before another one. */
export function previousStep(series: Series | null, step: number | null): number | null {
  const steps = series?.steps ?? [];
  return step === null ? null : (steps[steps.indexOf(step) - 1] ?? null);
}

/** The step since which the table is settled, where that is known. */
export function settledStep(state: State): number | null {
  const findings = state.slots.findings.value?.findings ?? [];
  return findings.find(({ kind }) => kind === "settled")?.step ?? null;
}

/** Health of the steps that were measured so far; null while there is none. */
export function healthOf(state: State): Health | null {
  const health = state.slots.health.value;
  return health?.steps.length ? health : null;
}

/** The row that the inspector shows. */
export function inspectedRow(state: State): number | null {
  const rows = seriesOf(state)?.vocab_size ?? 0;
  return state.view.selection.findLast((row) => row < rows) ?? null;
}

/** What a link asked for and the log does not hold; null if it does. */
export function missingSeries(state: State): { run: string; tag: string | null } | null {
  const { run, tag } = state.view;
  const shown = seriesOf(state);
  if (run === null || !shown || state.slots.index.value?.scanning) return null;
  if (shown.run !== run) return { run, tag: null };
  return tag === null || shown.tag === tag ? null : { run, tag };
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

/** Quantiles of drift from the first step, where there is none at the first step itself. */
export const driftFromFirst = memo((health: Health): Quantiles => {
  const start = ([, ...rest]: (number | null)[]) => [0, ...rest];
  const { p10, p50, p90, max } = health.drift_from_first;
  return { p10: start(p10), p50: start(p50), p90: start(p90), max: start(max) };
});

const summaryOf = memo((drift: Drift) => {
  const { bins, quantiles, unmoved } = digestOf(drift.values);
  const [median, p90, largest] = quantiles ?? [];
  const undefinedRows = bins.reduce((left, rows) => left - rows, drift.values.length);
  return { drift, median, p90, largest, unmoved, undefinedRows, bins };
});

/** False at the reference step itself, where there is no drift to speak of. */
export function compares({ from_step, to_step }: Drift): boolean {
  return from_step !== to_step;
}

/** How far the vocabulary moved; null without two steps to compare. */
export function driftSummary(state: State): ReturnType<typeof summaryOf> | null {
  const drift = state.slots.drift.value;
  return drift && compares(drift) ? summaryOf(drift) : null;
}

const priority = memo(
  (drift: Float32Array, frequency: readonly (number | null)[] | null, floor: number) => {
    const all = orderBySize(drift, true);
    return frequency && floor > 0 ? commonFirst(all, frequency, floor) : all;
  },
);

/** Rows in the order in which the map labels them: the most drifted of the common first. */
export function labelPriority(state: State): Uint32Array | null {
  const drift = state.slots.drift.value;
  if (!drift) return null;
  const order = priority(drift.values, frequencyOf(state), minFrequencyOf(state));
  const mask = isolatedMask(state);
  return mask ? onlyDrawn(order, mask) : order;
}

const onlyDrawn = memo((order: Uint32Array, mask: Uint8Array) =>
  order.filter((row) => mask[row] !== 0),
);

/** Rows with the most important last; in their order while that is not known. */
export function byPriority(state: State, rows: readonly number[]): readonly number[] {
  const order = labelPriority(state);
  const given = rowTest(rows);
  const first = order?.find((row) => given.has(row));
  return first === undefined ? rows : withLast(rows, first);
}

const masked = memo((rows: readonly number[], count: number): Uint8Array | null => {
  const mask = new Uint8Array(count);
  for (const row of rows) if (row < count) mask[row] = 1;
  return mask.includes(1) ? mask : null;
});

/** 1 for each row that is drawn; null where all are. */
export function isolatedMask(state: State): Uint8Array | null {
  const { isolated } = state.view;
  return isolated && masked(isolated, seriesOf(state)?.vocab_size ?? 0);
}

/** The rows that alone are drawn, in their order; null where all are. */
export function isolatedRows(state: State): readonly number[] | null {
  const mask = isolatedMask(state);
  return mask && rowsIn(mask, state.view.isolated ?? []);
}

const rowsIn = memo((mask: Uint8Array, rows: readonly number[]) =>
  rows.filter((row) => row < mask.length),
);

/** What the search found among the labels on screen; null without a search. */
export function foundOf(state: State): SearchState | null {
  const { search } = state;
  return search.mask && search.of === labelsOf(state) ? search : null;
}

/** 1 for each row that the search finds; null without a search. */
export function searchMask(state: State): Uint8Array | null {
  return foundOf(state)?.mask ?? null;
}
