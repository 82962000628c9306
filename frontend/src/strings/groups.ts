/** Holds the texts of groups: in the table, and of the selected tokens. */

import { count, counted } from "../util/number_format";

export const groupText = {
  groupBy: "Group by",
  groupByNone: "None",
  groups: "Groups",
  exportGroups: (groups: number) => `The table as it is, ${counted(groups, "group")} (.csv)`,
  groupCount: (groups: number) => counted(groups, "group"),
  groupsListed: (listed: number, all: number) =>
    `The first ${count(listed)} of ${count(all)} groups`,
  noGroups: "No token has a value in this column.",
  noSets: "Save a selection, or write a filter, to see it here as a group.",
  everyToken: "All tokens",
  selectGroup: (name: string, tokens: string) => `Select ${name}, ${tokens} tokens`,
  tokensSelected: (rows: number) => `${count(rows)} tokens`,
  selectedOf: (rows: number) => `${count(rows)} tokens selected`,
  range: (low: string, high: string) => `${low}–${high}`,
  drift1090: "10–90 %",
  centroid: "Centroid",
  unchanged: "Unchanged",
  spread: "Spread",
  group: "Group",
  movedMost: "Moved most",
  centroidPath: "Path of the centroid",
  centroidPathFrom: (reference: string) => `Path of the centroid from ${reference}`,
  medianOverSteps: "Median token",
  fromTo: (from: string, to: string) => `${from} → ${to}`,
  groupDistribution: (median: string, largest: string) =>
    `How many tokens of the group, in front of all tokens, moved how far, from 0 to ${largest}; half of the group less than ${median}`,
} as const;

/** The heads of the columns of groups, by id, with what they mean. */
export const GROUP_HEADS: Readonly<Record<string, readonly [head: string, help: string]>> = {
  drift: ["Drift", "The median drift of its tokens, by the chosen measure."],
  curve: [
    "Over steps",
    "The median drift from the reference step to each step. A reference in another run is aligned with each step anew.",
  ],
  count: ["Tokens", "The number of its tokens."],
  range: ["10–90 %", "A tenth of its tokens moved less, and a tenth more."],
  centroid: ["Centroid", "The drift of the mean of its vectors: the group moved as a whole."],
  unchanged: ["Unchanged", "The share of its tokens whose vectors are the same at both steps."],
  spread: [
    "Spread",
    "The root mean square distance of its vectors from their mean, at the reference step and now.",
  ],
  inside: [
    "Neighbors inside",
    "The share of the nearest neighbors of its tokens, by cosine, that are in the group, at the reference step and now.",
  ],
  norm: ["Norm", "The median length of its vectors at the step."],
};
