/** Lists the charts of Health and the lines in each, also of probes and of another run. */

import type { Health, Probe, Quantiles, Series } from "../../api/contract.gen";
import { type Line, OTHERS_MARK } from "../../charts/line_plot";
import { valuesAt } from "../../charts/step_geometry";
import { driftFromFirst, healthOf } from "../../selectors/health/health_values";
import { otherSeriesOf, seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { HEALTH, PROBES, seriesName, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";
import { count, short } from "../../util/number_format";

/** The name of a panel of Health; related measures share one. */
export type HealthName = keyof typeof HEALTH;

/** A panel of Health: its lines over the steps, and a text about their meaning and usual values. */
export interface HealthMeasure {
  name: HealthName | "probe";
  title: string;
  help: string;
  lines: readonly Line[];
  fromZero: boolean;
  /** The value that the axis reaches at least; null for a measure without a natural limit. */
  reach: number | null;
  /** Returns the numbers to show for a step; `line` is set if a number belongs to one of several lines. */
  readings: (at: number) => Reading[];
}

export interface Reading {
  text: string;
  line: Line | null;
}

/** Returns the panels of Health, in the order of the page; of one snapshot, those of a single step. */
export const healthMeasures = memo(
  (health: Health, { embedding_dim: dimensions, steps }: Series): HealthMeasure[] => {
    const isSingle = steps.length === 1;
    const all = allMeasures(health, dimensions);
    return isSingle ? all.filter(({ name }) => !BETWEEN_STEPS.has(name)) : all;
  },
  2,
);

const BETWEEN_STEPS: ReadonlySet<string> = new Set<HealthName>([
  ...(["drift_from_first", "drift_from_previous"] as const),
  ...(["cka", "pip_loss", "procrustes_residual"] as const),
  ...(["cold_share", "vocabulary"] as const),
]);

const allMeasures = (health: Health, dimensions: number): HealthMeasure[] => [
  quantiles("drift_from_first", driftFromFirst(health)),
  quantiles("drift_from_previous", health.drift_from_previous),
  quantiles("norm", health.norm),
  measure("effective_rank", dimensions, [
    [text.effectiveRank, health.effective_rank],
    [text.participationRatio, health.participation_ratio],
    [text.informationAbundance, health.information_abundance],
  ]),
  measure("direction_spread", 1, [["", health.direction_spread]]),
  measure("iso_score", 1, [["", health.iso_score]]),
  measure("mean_pairwise_cosine", SMALL_COSINE, [["", health.mean_pairwise_cosine]]),
  similarity("cka", health),
  similarity("pip_loss", health),
  similarity("procrustes_residual", health),
  measure("cold_share", 1, [["", health.cold_share]]),
  ...vocabulary(health),
  rows(health),
];

/** The cosine below which values count as noise around 0. */
const SMALL_COSINE = 0.1;

/** Returns the panel that shows the measure of a finding; null if there is none. */
export function panelOf(shown: string | null): HealthName | null {
  if (shown === null) return null;
  if (shown.endsWith("_rows")) return "rows";
  return shown in HEALTH ? (shown as HealthName) : null;
}

/** The measures in the closed bar, each with the index of the line to show. */
export const GLANCES: readonly { name: HealthName; label: string; line: number }[] = [
  { name: "drift_from_first", label: HEALTH.drift_from_first.title, line: 2 },
  { name: "drift_from_previous", label: HEALTH.drift_from_previous.title, line: 2 },
  { name: "norm", label: HEALTH.norm.title, line: 2 },
  { name: "effective_rank", label: text.effectiveRankTitle, line: 0 },
  { name: "mean_pairwise_cosine", label: HEALTH.mean_pairwise_cosine.title, line: 0 },
  { name: "cka", label: text.ckaToPrevious, line: 1 },
];

function measure(
  name: HealthName,
  reach: number | null,
  series: readonly (readonly [label: string, values: Line["values"]])[],
): HealthMeasure {
  const { title, help } = HEALTH[name];
  const lines = series.map(
    ([label, values], at): Line => ({
      label: label || title,
      values,
      color: at as Line["color"],
      dashed: at > 0,
    }),
  );
  const several = lines.length > 1;
  const readings = (at: number) =>
    lines.map((line) => {
      const value = short(line.values[at]);
      return { text: several ? `${value} ${line.label}` : value, line: several ? line : null };
    });
  return { name, title, help, lines, fromZero: true, reach, readings };
}

function similarity(
  name: "cka" | "pip_loss" | "procrustes_residual",
  health: Health,
): HealthMeasure {
  return measure(name, 1, [
    [text.toFirst, health.to_first[name]],
    [text.toPrevious, health.to_previous[name]],
  ]);
}

const alone = (words: string): Reading => ({ text: words, line: null });

function quantiles(name: HealthName, { p10, p50, p90, max }: Quantiles): HealthMeasure {
  const lines: Line[] = [
    { label: "p10", values: p10, color: 0, kind: "edge" },
    { label: "p90", values: p90, color: 0, kind: "edge" },
    { label: text.median, values: p50, color: 0 },
  ];
  const readings = (at: number) => {
    if (typeof p50[at] !== "number") return [alone(short(null))];
    const most = text.mostBetween(short(p10[at], 2), short(p90[at], 2));
    return [`${text.median} ${short(p50[at])}`, most, text.atMost(short(max[at], 2))].map(alone);
  };
  return { name, ...HEALTH[name], lines, fromZero: name !== "norm", reach: null, readings };
}

/** Returns the panel of tokens that came and went; none where the vocabulary never changed. */
function vocabulary({ births, deaths }: Health): HealthMeasure[] {
  if (![...births, ...deaths].some((value) => value)) return [];
  const both = measure("vocabulary", 1, [
    [text.births, births],
    [text.deaths, deaths],
  ]);
  return [both];
}

/** Returns the panel of frozen, zero, duplicate and non-finite rows, without the kinds that never occur. */
function rows(health: Health): HealthMeasure {
  const { frozen_rows, zero_rows, duplicate_rows, non_finite_rows } = health;
  // Lines of equal counts cover each other, so the lower lines are wider.
  const all: Line[] = [
    { label: text.frozen, values: frozen_rows, color: 2, width: 6 },
    { label: text.duplicate, values: duplicate_rows, color: 1, width: 4 },
    { label: text.zero, values: zero_rows, color: 0, width: 2.5 },
    { label: text.nonFinite, values: non_finite_rows, color: 3, width: 1 },
  ];
  const lines = all.filter(({ values }) => values.some((value) => value));
  const absent = all.filter((line) => !lines.includes(line)).map(({ label }) => label);
  const none = absent.length ? [alone(text.noRows(absent))] : [];
  const readings = (at: number) => [
    ...lines.map((line) => {
      const value = line.values[at];
      return { text: `${typeof value === "number" ? count(value) : "–"} ${line.label}`, line };
    }),
    ...none,
  ];
  return { name: "rows", ...HEALTH.rows, lines, fromZero: true, reach: 1, readings };
}

/** Returns the panel of a probe that has been scored. */
export const probeMeasure = memo(({ kind, items, values, used }: Probe, name: string) => {
  const { title, items: what, help } = PROBES[kind];
  const known = text.probeKnown(used.at(-1) ?? 0, items, what);
  const measure: HealthMeasure = {
    name: "probe",
    title: name ? cleanLabel(name) : title,
    help: `${help} ${known}`,
    lines: [{ label: title, values, color: 0 }],
    fromZero: true,
    reach: kind === "associations" ? null : 1,
    readings: (at) => [alone(short(values[at]))],
  };
  return measure;
}, 16);

/** Counts of rows and of tokens mean little beside those of a table of another size. */
const OF_ONE_TABLE: ReadonlySet<string> = new Set(["rows", "vocabulary", "probe"]);

/** Returns the panels, each with the first line of that panel of another run, at the same steps. */
export const withOtherRun = memo(
  (
    own: readonly HealthMeasure[],
    steps: readonly number[],
    health: Health,
    other: Series,
    name: string,
  ): readonly HealthMeasure[] => {
    const others = new Map(healthMeasures(health, other).map((one) => [one.name, one]));
    return own.map((measure) => {
      const line = others.get(measure.name)?.lines.find(({ kind }) => kind !== "edge");
      if (!line || OF_ONE_TABLE.has(measure.name)) return measure;
      return withLine(measure, {
        ...{ label: name, color: 2, mark: OTHERS_MARK, width: 4 },
        values: valuesAt(steps, health.steps, line.values),
      });
    });
  },
);

/** Returns the panels on screen: with lines of the run that is compared with, once they are there. */
export function shownMeasures(state: State): readonly HealthMeasure[] | null {
  const [health, series, other] = [healthOf(state), seriesOf(state), otherSeriesOf(state)];
  if (!health || !series) return null;
  const own = healthMeasures(health, series);
  const there = state.slots.otherHealth.value;
  if (!other || !there?.steps.length) return own;
  return withOtherRun(own, health.steps, there, other, seriesName(other, series));
}

function withLine(measure: HealthMeasure, line: Line): HealthMeasure {
  return {
    ...measure,
    // Where both are alike, the narrower line of the run on screen lies on that of the other.
    lines: [line, ...measure.lines],
    readings: (at) => {
      const [first, ...rest] = measure.readings(at);
      const reading = { text: `${short(line.values[at])} ${line.label}`, line };
      return first ? [first, reading, ...rest] : [reading];
    },
  };
}
