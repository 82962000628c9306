/** Holds the names and explanations of measures and columns, and the error messages of filters. */

import type { Indicator, Measure, Metric } from "../api/contract.gen";
import type { FilterError } from "../filter/filter_error";
import { cleanLabel } from "../util/label_text";
import { count, counted } from "../util/number_format";

export const MEASURE_NAMES: Readonly<Record<Measure, string>> = {
  cosine: "Cosine drift",
  euclidean: "Displacement",
  relative: "Relative displacement",
  norm_change: "Norm change",
};

/** The heads of narrow columns, by measure. */
export const MEASURE_HEADS: Readonly<Record<Measure, string>> = {
  ...MEASURE_NAMES,
  relative: "Relative",
};

export const MEASURE_HELP: Readonly<Record<Measure, string>> = {
  cosine:
    "1 − cos of the angle between the two vectors: 0 same direction, 1 orthogonal, 2 opposite.",
  euclidean: "Euclidean distance between the two vectors.",
  relative: "Euclidean distance as a share of the norm at the reference step.",
  norm_change: "Norm at the step less the norm at the reference step.",
};

/** The heads of the table's columns, by id; a logged column keeps its own name. */
export const COLUMN_HEADS: Readonly<Record<string, string>> = {
  ...MEASURE_HEADS,
  token: "Token",
  trend: "Over steps",
  frequency: "Freq.",
  step_drift: "Per step",
  norm: "Norm",
  indicator: "Indicator",
  trust: "Trust",
  path_length: "Path",
  straightness: "Straightness",
  updates: "Updates",
  last_updated: "Last upd.",
  kept: "Kept",
  second_order: "2nd-order",
  p_value: "p-value",
  q_value: "q-value",
  break_step: "Break",
};

const COLUMN_HELP: Readonly<Record<string, string>> = {
  ...MEASURE_HELP,
  trend:
    "Drift from the reference step to each step, to the same height in every row. A reference in another run is aligned with each step anew; one of other dimensions can’t be, and drift is from the first step of this run.",
  frequency: "How often the token occurs, as it was logged.",
  step_drift: "Drift since the step before, by the chosen measure.",
  norm: "Length of the vector at the step.",
  indicator: "Indicator of under-trained tokens: low for those that were hardly trained.",
  trust:
    "Trustworthiness of its place on the map (Venna & Kaski 2001): 1 if its 10 nearest tokens on the map are its nearest in the table, about 0.5 for a map drawn at random. Of at most 5,000 tokens. Takes a while.",
  path_length: "Path: the sum of all displacements from step to step.",
  straightness:
    "Displacement from the first step to the last over the path: 1 is straight, near 0 wandered.",
  updates: "The number of steps at which it differs from the step before.",
  last_updated: "The step at which it changed for the last time; none if it never did.",
  p_value:
    "The share of the changes by chance alone that are as large as that of the token: between the seeds, or within one run from step to step since it settled. Takes a while.",
  q_value:
    "The false discovery rate at which it counts as changed by more than noise (Benjamini & Hochberg 1995), as a rule up to 0.05. Takes a while.",
  break_step: "The step at which it jumped off its trend, if it did. Takes a while.",
};

/** Returns the explanation of a column, for `k` neighbors; undefined for a logged column. */
export function columnHelp(id: string, k: number, metric: Metric): string | undefined {
  if (id === "kept") {
    const nearest = `${count(k)} nearest by ${METRIC_NAMES[metric]}`;
    return `overlap@${k}: the share of its neighbors at the reference step, the ${nearest}, that it kept. Takes a while.`;
  }
  if (id === "second_order") {
    return `Second-order drift: how much its cosines to its ${count(k)} nearest neighbors changed, 0 to 2. Takes a while.`;
  }
  return COLUMN_HELP[id];
}

export const METRIC_NAMES: Readonly<Record<Metric, string>> = {
  cosine: "cosine",
  euclidean: "Euclidean",
};

/** The names of columns in the chooser, by id, where they are longer than the heads. */
export const COLUMN_CHOICES: Readonly<Record<string, string>> = {
  drift: "Drift from reference",
  trend: "Drift over the steps",
  frequency: "Frequency",
  step_drift: "Drift since the step before",
  indicator: "Under-trained (low)",
  trust: "Trustworthiness on the map",
  path_length: "Path length",
  last_updated: "Last updated",
  kept: "Neighbors kept",
  second_order: "Second-order drift",
  p_value: "Noise: p-value",
  q_value: "Noise: q-value",
  break_step: "Step of its break",
};

export function columnName({ id }: { id: string }): string {
  if (id.startsWith("column:")) return cleanLabel(id.slice("column:".length));
  return COLUMN_CHOICES[id] ?? COLUMN_HEADS[id] ?? id;
}

const INDICATORS: Readonly<Record<Indicator, string>> = {
  norm: "the norm",
  euclidean: "the Euclidean distance",
  cosine: "the cosine distance",
  euclidean_without_first: "the Euclidean distance without the first principal component",
  cosine_without_first: "the cosine distance without the first principal component",
};

/** Returns a line about the indicator of under-trained tokens, and its explanation. */
export function indicatorNote(indicator: Indicator, unused: number) {
  const name = INDICATORS[indicator];
  const rows = counted(unused, "unused row");
  const paper = "An indicator of under-trained tokens (Land & Bartolo 2024)";
  const candidates = "The lowest tokens are candidates, not proven to be under-trained.";
  if (!unused)
    return {
      words: "Low indicator: a small norm, hardly trained",
      help: `${paper}: ${name} of the row, since no row is known to be unused. ${candidates}`,
    };
  return {
    words: `Low indicator: near ${rows}, hardly trained`,
    help: `${paper}: ${name} of the row from the mean of ${rows}, which are called so, such as [unused12], or which no step has changed. Rows that were hardly trained stay near them. ${candidates}`,
  };
}

const FILTER_EXPECTED = {
  value: "a column, a number or a “text”",
  condition: "a condition, such as drift > 0.3",
  end: "and, or, or the end",
  list: 'a list, such as ("noun", "verb")',
  ")": ") or more of the expression",
} as const;

/** Returns a message that says what is wrong with a filter and what is accepted. */
export function filterProblem({ problem, at }: FilterError): string {
  const where = `at letter ${count(at + 1)}`;
  switch (problem.kind) {
    case "letter":
      return `“${problem.letter}” ${where} is not part of a filter.`;
    case "unclosed":
      return `The ${problem.sign} ${where} is not closed.`;
    case "expected":
      return `${problem.found ? `“${problem.found}” ${where}` : "It ends too early"}: expected ${FILTER_EXPECTED[problem.expected]}.`;
    case "column":
      return `There is no column “${problem.name}”. A text stands in quotes.`;
    case "types":
      return `“${problem.operator}” ${where} can’t be used between ${problem.left} and ${problem.right}.`;
    case "deep":
      return "Too many parentheses.";
  }
}
