/** Holds the texts of the Health view and of the findings. */

import type { ProbeKind } from "../api/contract.gen";
import { count, percent } from "../util/number_format";

export const healthText = {
  health: "Health",
  healthOpen: "Show health",
  healthClose: "Hide health",
  resizeHealth: "Height of health",
  findings: "What stands out",
  differs: (name: string, seeds: number, rate: number) =>
    `What differs from ${name} by more than the noise of ${count(seeds)} seeds, at a false discovery rate of ${rate}`,
  nothingDiffers: (name: string, seeds: number, rate: number) =>
    `Nothing differs from ${name} by more than the noise of ${count(seeds)} seeds, at a false discovery rate of ${rate}.`,
  chooseSeeds: (name: string) =>
    `Choose seeds above the table to see what differs from ${name} by more than noise.`,
  ofThisRun: "What stands out in this run",
  severity: { warning: "Warning", notice: "Notice", info: "For information" },
  moreFindings: (more: number) => `+ ${count(more)} more`,
  lookForChangedNeighbors: "Look for tokens that changed neighbors",
  lookForChangedNeighborsHelp:
    "Compares the nearest neighbors of every token at the first step and the last. Exact, and slow for a table as large as this.",
  lookingForChangedNeighbors: (share: number) =>
    `Looking for tokens that changed neighbors: ${percent(share)}`,
  stopLooking: "Stop",
  noChangedNeighbors: "No token changed neighbors much more than the others.",
  moreFindingsHelp: "Show all that stands out",
  frozen: "frozen",
  zero: "zero",
  duplicate: "duplicate",
  nonFinite: "non-finite",
  noRows: (kinds: readonly string[]) => `0 ${kinds.join(", ")}`,
  median: "median",
  mostBetween: (low: string, high: string) => `10–90 % ${low}–${high}`,
  atMost: (value: string) => `max ${value}`,
  effectiveRank: "effective rank",
  effectiveRankTitle: "Effective rank",
  ckaToPrevious: "CKA to previous",
  participationRatio: "participation",
  thisTable: "This table",
  allTables: (tables: number) => `All ${count(tables)} tables`,
  allTablesHelp: "All tables of the log at their newest step, sickest first",
  tableName: "Table",
  abundance: "Abundance",
  abundanceHelp:
    "Information abundance: the sum of the singular values over the largest one (Guo et al. 2024), as a share of the most that the table could have. Low where few dimensions hold nearly all.",
  cold: "Cold",
  coldHelp: "The share of the rows that no step has changed",
  nothingStandsOut: "Nothing",
  measuringTables: (share: number) => `Measuring all tables: ${percent(share)}`,
  warnings: (warnings: number, notices: number) =>
    `${count(warnings)} warnings, ${count(notices)} notices`,
  probe: "Probe",
  probeHelp:
    "Scores every step against what people know. On each line two words and how similar they are, four words of an analogy, or a word and its class; or four lines such as “flowers: rose, tulip” for WEAT.",
  probeHint: "good great 9.1\ngood awful 1.2\nfilm movie 9.8",
  probeWords: "Lines of a probe",
  probeScore: "Score",
  probeFile: "Choose a file…",
  probeTooLarge: (size: string, most: string) =>
    `The file has ${size}; at most ${most} can be scored.`,
  removeProbe: (name: string) => `Remove ${name}`,
  probeKnown: (used: number, of: number, what: string) =>
    `${count(used)} of ${count(of)} ${what} known.`,
  informationAbundance: "abundance",
  births: "added",
  deaths: "dropped",
  toFirst: "to first",
  toPrevious: "to previous",
  similarity: "Step by step",
  similarityBy: "What steps are compared by",
  similarityNames: { cka: "CKA", overlap: "Neighbors kept" },
  similarityHelp: {
    cka: "How alike the tables of two steps are: 1 the same but for rotation and scale.",
    overlap:
      "The share of its nearest neighbors that a token has at both steps, a mean of a sample.",
  },
  similarityPhases: "Blocks are phases of the training.",
  similarityUse: "Click: measure from the row’s step to the column’s.",
  similarityGo: "Click: go to the column’s step.",
  similarityMap: "Steps compared: arrow keys move the pair",
  similarityOf: (from: string, to: string, value: string) => `${from} → ${to}: ${value}`,
  similarityScale:
    "Least, median and most of all pairs of steps. Each color stands for equally many pairs: it shows the rank of a value, not its size.",
} as const;

/** The title of each kind of probe, what its items are, and what its scores mean. */
export const PROBES: Readonly<Record<ProbeKind, { title: string; items: string; help: string }>> = {
  pairs: {
    title: "Similar pairs",
    items: "pairs",
    help: "Spearman’s rank correlation of cosines with the scores given, −1 to 1.",
  },
  analogies: {
    title: "Analogies",
    items: "questions",
    help: "Accuracy: the share of questions whose answer is nearest to b − a + c.",
  },
  classes: {
    title: "Classes",
    items: "words",
    help: "Accuracy: the share of words nearest to the centroid of their own class.",
  },
  associations: {
    title: "WEAT",
    items: "words",
    help: "Effect size, −2 to 2: how much nearer the first set is to the first attributes than the second set is.",
  },
};

/** The title of each panel of Health, and a text that explains its measure and the usual values. */
export const HEALTH = {
  drift_from_first: {
    title: "Drift from first",
    help: "Cosine drift since the first step. Usually rises fast, then levels off as learning slows.",
  },
  drift_from_previous: {
    title: "Drift per step",
    help: "Cosine drift since the step before. Usually falls; near 0, training hardly turns the table any more.",
  },
  norm: {
    title: "Norm",
    help: "Length of the rows. Usually grows, most where updates are frequent; growth that speeds up is worth a look.",
  },
  effective_rank: {
    title: "Effective dimensions",
    help: "Effective rank, participation ratio and information abundance. Usually fall as the table learns, but not to 1.",
  },
  direction_spread: {
    title: "Spread of directions",
    help: "1 where the directions of rows are spread evenly over all dimensions, 0 where all rows point one way: collapsed.",
  },
  cold_share: {
    title: "Cold rows",
    help: "The share of rows that no step so far has changed. Usually falls fast; what stays has never been in a batch.",
  },
  vocabulary: {
    title: "Vocabulary",
    help: "How many tokens the vocabulary of a step has that the step before lacked, and the other way round.",
  },
  iso_score: {
    title: "IsoScore",
    help: "How evenly the variance fills all dimensions: 0 just one, 1 all alike. Usually falls in training; neither end is better.",
  },
  mean_pairwise_cosine: {
    title: "Mean pairwise cosine",
    help: "0 where rows point all ways, toward 1 in a narrow cone. Near 0 at a random start; a rise is common, not bad by itself.",
  },
  cka: {
    title: "CKA",
    help: "Similarity to another step: 1 the same but for rotation and scale. Usually falls to the first, nears 1 to the previous.",
  },
  pip_loss: {
    title: "PIP loss",
    help: "Change of the inner products between tokens, 0 to 1; no rotation adds to it. To the previous, usually nears 0.",
  },
  procrustes_residual: {
    title: "Procrustes residual",
    help: "What the best rotation leaves over, 0 to 1. Small beside a large drift: the table mainly turned as a whole.",
  },
  rows: {
    title: "Rows",
    help: "Frozen since the step before, all zero, equal to another, or with NaN or infinity. Padding and unused tokens are often frozen.",
  },
} as const;
