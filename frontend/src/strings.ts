import type { Measure } from "./api/contract.gen";
import type { FilterError } from "./filter/problem";
import { count } from "./format";
import { cleanLabel } from "./scatter/text";
import { mapText } from "./strings_map";

/** Every word that the page says, in English. Keep the terms of docs/terms.md. */

export const MEASURE_NAMES: Readonly<Record<Measure, string>> = {
  cosine: "Cosine drift",
  euclidean: "Displacement",
  relative: "Relative displacement",
  norm_change: "Norm change",
};

/** As heads of a narrow column. */
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

/** Heads of the table's columns; a logged column has its own name. */
export const COLUMN_HEADS: Readonly<Record<string, string>> = {
  ...MEASURE_HEADS,
  token: "Token",
  trend: "Over steps",
  frequency: "Freq.",
  step_drift: "Per step",
  norm: "Norm",
  path_length: "Path",
  straightness: "Straightness",
  kept: "Kept",
  second_order: "2nd-order",
  break_step: "Break",
};

export const COLUMN_HELP: Readonly<Record<string, string>> = {
  ...MEASURE_HELP,
  trend: "Drift from the reference step to each step, to the same height in every row.",
  frequency: "How often the token occurs, as it was logged.",
  step_drift: "Drift since the step before, by the chosen measure.",
  norm: "Length of the vector at the step.",
  path_length: "Path: the sum of all displacements from step to step.",
  straightness:
    "Displacement from the first step to the last over the path: 1 is straight, near 0 wandered.",
  kept: "overlap@k: the share of its 10 nearest neighbors at the reference step that it kept. Takes a while.",
  second_order:
    "Second-order drift: how much its cosines to its neighbors changed, 0 to 2. Takes a while.",
  break_step: "The step at which it jumped off its trend, if it did. Takes a while.",
};

/** In the chooser, where the head alone would say too little. */
export const COLUMN_CHOICES: Readonly<Record<string, string>> = {
  drift: "Drift from reference",
  trend: "Drift over the steps",
  frequency: "Frequency",
  step_drift: "Drift since the step before",
  path_length: "Path length",
  kept: "Neighbors kept",
  second_order: "Second-order drift",
  break_step: "Step of its break",
};

/** A column as a choice has it. */
export function columnName({ id, name }: { id: string; name: string }): string {
  if (id.startsWith("column:")) return cleanLabel(name);
  return COLUMN_CHOICES[id] ?? COLUMN_HEADS[id] ?? name;
}

const FILTER_EXPECTED = {
  value: "a column, a number or a “text”",
  condition: "a condition, such as drift > 0.3",
  end: "and, or, or the end",
  list: 'a list, such as ("noun", "verb")',
  ")": ") or more of the expression",
} as const;

/** What is wrong with a filter, and what is accepted. */
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
      return `There is no column “${problem.name}”. A text stands in quotes; columns are ${problem.known.join(", ")}.`;
    case "types":
      return `“${problem.operator}” ${where} can’t be used between ${problem.left} and ${problem.right}.`;
    case "deep":
      return "Too many parentheses.";
  }
}

export const text = {
  title: "Word embeddings",
  run: "Run",
  tag: "Embedding",
  tableSize: (rows: number, columns: number) => `${count(rows)} × ${count(columns)}`,
  tableSizeHelp: "Tokens × dimensions of the embedding table",
  colorBy: "Color",
  colorTitle: (measure: string, from: string, to: string) => `${measure}, step ${from} → ${to}`,
  projection: "Projection",
  mode2d: "2-D",
  mode3d: "3-D",
  search: "Find a token",
  searchHint: "Find a token ( / )",
  searchSyntax: "good: contains · ^un: starts with · /ing$/: regular expression",
  searching: "Searching…",
  matches: (found: number) => `${count(found)} ${found === 1 ? "match" : "matches"}`,
  noMatch: "No token matches.",
  didYouMean: "Did you mean",
  badExpression: (reason: string) => `Not a regular expression: ${reason}.`,
  slowExpression: "This expression takes too long. Try a simpler one, with fewer repetitions.",
  selectMatches: (rows: number) => (rows === 1 ? "Select it" : `Select all ${count(rows)}`),
  selectFirst: (rows: number) => `Select the first ${count(rows)}`,
  selectMatchesKey: "Ctrl+Enter",
  bestMatches: "Best matches",
  bookmarks: "Bookmarks",
  bookmarksHelp: "Bookmarks (b)",
  bookmarkName: "Name of this view",
  bookmarkSave: "Save this view",
  bookmarkSaved: (name: string) => `Saved “${name}”.`,
  bookmarkSavedWithout: (name: string, parts: readonly string[]) =>
    `Saved “${name}” without ${parts.join(" and ")}: too many for a bookmark.`,
  bookmarkRemove: "Remove",
  bookmarksNone: "None yet. A bookmark brings back everything that a link does.",
  bookmarksExport: "Export as JSON",
  bookmarksImport: "Import…",
  bookmarksImported: (found: number) =>
    `${count(found)} ${found === 1 ? "bookmark" : "bookmarks"} imported; those of the same name were replaced.`,
  bookmarksNotRead: (file: string) =>
    `${file} holds no bookmarks. Choose a file that was exported here.`,
  bookmarksNotKept:
    "This browser keeps nothing for this page: export the bookmarks to have them later.",
  keys: "Keys",
  keysHelp: "Keys (?)",
  closeDialog: "Close",
  roundedSteps: (limit: string) =>
    `Some steps are beyond ${limit}, where browsers round numbers: neighboring steps may look the same, and can’t all be opened here. Python reads them exactly.`,
  exportMenu: "Export",
  exportTables: "Tables",
  exportTable: (rows: number) =>
    `The table as it is, ${rows === 1 ? "1 token" : `${count(rows)} tokens`} (.csv)`,
  exportNeighbors: "The neighbors of the token (.csv)",
  exportVectors: "Vectors at the step",
  exportSelected: (rows: number) => `${count(rows)} selected`,
  exportListed: (rows: number) => `${count(rows)} in the table`,
  exportAll: (rows: number) => `All ${count(rows)}`,
  exportVectorsHelp:
    "For NumPy, np.load; or the text format of word2vec, which gensim reads: there, whitespace in a token becomes _.",
  exporting: "Making the file…",
  exportedBytes: (read: string) => `${read} so far`,
  exported: (name: string) => `Saved ${name}`,
  exportFailed: (reason: string) => `The file could not be made: ${reason}`,
  history: "History",
  undo: "Undo (Ctrl+Z)",
  redo: "Redo (Ctrl+Shift+Z)",
  copyLink: "Copy link",
  linkCopied: "Link copied",
  linkCopiedWithout: (what: readonly string[]) => `Copied, without the ${what.join(" and ")}`,
  linkCopiedWithoutHelp: "So many tokens are too long for a link.",
  linkParts: {
    selection: "selection",
    isolated: "isolated tokens",
    sets: "saved selections",
  } as Readonly<Record<string, string>>,

  ...mapText,

  panes: "View",
  paneNames: { map: "Drift map", projector: "Projector", split: "Split" },
  paneHelp: {
    map: "Every token, in one basis for all steps ( V )",
    projector: "TensorBoard’s standard Projector, on the step of the timeline ( V )",
    split: "Drift map and standard Projector side by side ( V )",
  },
  projector: "Standard Projector",
  projectorTitle: (tag: string, step: string) => `${tag}, step ${step}`,
  projectorHelp:
    "TensorBoard’s own Projector. It follows the timeline; projection, colors, camera and selection stay from step to step. Drift, norm and neighbors kept are among its columns to color by.",
  projectorLoading: "Loading the Projector…",
  projectorStepping: "Loading the step…",
  projectorFailed: "The Projector could not go to this step.",
  projectorNeedsServer: "The Projector is shown here while TensorBoard serves this page.",
  projectorSampled: (shown: number, all: number) => `${count(shown)} of ${count(all)} tokens`,
  projectorSampledHelp:
    "The Projector shows no more than 100,000: a sample spread evenly over all frequencies, and what is selected.",
  projectorNonFinite: (rows: number) => `${count(rows)} left out`,
  projectorNonFiniteHelp:
    "Rows that hold NaN or infinity. With one of them the Projector would find no projection.",
  projectorData: "Data",
  projectorDataHelp: "Show the Projector’s panel of data and projections",
  projectorInspector: "Inspector",
  projectorInspectorHelp: "Show the Projector’s panel of search and neighbors",

  table: "Tokens",
  rankingOf: (from: string, to: string) => `Step ${from} → ${to}`,
  measure: "Measure",
  minFrequency: "Min. frequency",
  minFrequencyHelp: "Leaves rarer tokens out of the ranking: rare words move most and say least.",
  filter: "Filter",
  filterHint: "drift > 0.3 and frequency >= 50",
  filterHelp: (columns: readonly string[]) =>
    `Columns: ${columns.join(", ")}. With = != < > <= >= contains starts ends in, and or not, + − * /.`,
  columnsMenu: "Columns",
  saveSelection: "Save selection",
  setName: "Name of the selection",
  save: "Save",
  selectSet: (name: string) => `Select ${name}; with Shift, too`,
  recolorSet: "Next color",
  removeSet: "Remove this saved selection",
  onlySelected: (rows: number) => (rows ? `Only selected (${count(rows)})` : "Only selected"),
  noneLeft: "No token is left by the filter.",
  working: (what: string, share: number) => `${what}: ${Math.round(100 * share)} %`,
  cancelWork: "Cancel",
  percent: (share: number) => `${Math.round(100 * share)} %`,
  resizeTable: "Width of the table",
  resizeColumn: "Drag to resize, double-click to reset",
  rank: "Rank",
  token: "Token",
  frequency: "Freq.",
  shown: (shown: number, all: number) =>
    shown === all ? `${count(all)} tokens` : `${count(shown)} of ${count(all)} tokens`,
  hiddenByFloor: (hidden: number) => `${count(hidden)} rarer:`,
  onlyBelowFloor: (hidden: number) =>
    `${hidden === 1 ? "1 token" : `${count(hidden)} tokens`} below the minimum frequency.`,
  showHidden: "Show",
  noMatches: (query: string) => `No token contains “${query}”.`,
  needsTwoSteps: "Drift needs two steps. It appears with the next snapshot.",
  atReference: "This is the reference step.",

  inspector: "Token",
  sizeOf: (measure: string, signed: boolean) => (signed ? `${measure}, either way` : measure),
  inspectorEmpty:
    "Pick a token in the map or the table to see how it moved and which neighbors it gained and lost.",
  normOverSteps: "Norm",
  timesSeen: (times: number) => `frequency ${count(times)}`,
  rowNumber: (row: number) => `row ${count(row)}`,
  neighbors: "Neighbors",
  atStep: (step: string) => `Step ${step}`,
  gained: "gained",
  kept: "kept",
  lost: "lost",
  overlap: (kept: number, k: number) => `${kept} of ${k} kept`,
  comparedTokens: (shown: number, others: number) =>
    others ? `The last ${shown} of ${count(shown + others)} selected` : `${shown} selected`,
  driftHead: "Drift",
  removeToken: "Remove",
  neighborCount: "Number of neighbors",
  rankNow: (rank: number, was: number) => `rank ${rank}, was ${was}`,
  overlapHelp:
    "overlap@k: the share of the reference step's nearest neighbors that are still among the nearest",
  motion: (from: string, to: string) => `Motion, step ${from} → ${to}`,
  movedWithNeighbors: "Moved with its neighbors",
  movedOnItsOwn: "on its own",
  motionHelp: (neighbors: number) =>
    `Of its squared displacement, what the mean displacement of its ${count(neighbors)} nearest neighbors explains, and the rest. Neighbors are those of the time: they are looked up again on the way from step to step.`,
  noMotion: "No shares: it did not move, is not finite, or has no neighbors to compare with.",
  movedAlike: "Most alike",
  movedAlikeHelp: (cosine: string) => `cosine ${cosine} between the displacements`,
  metric: "by",
  metricCosine: "cosine",
  metricEuclidean: "Euclidean",
  columns: "Columns",
  allTokens: (from: string, to: string) => `All tokens, step ${from} → ${to}`,
  medianDrift: "Median",
  mostBelow: "90 % below",
  largestDrift: "Largest",
  unmoved: "Did not move",
  noNeighbors: "This row has no direction (zero or not finite), so it has no neighbors.",
  close: "Clear selection",

  timeline: "Steps",
  step: "Step",
  reference: "Reference",
  play: "Play",
  playHint: "Play (Space)",
  pause: "Pause",
  pauseHint: "Pause (Space)",
  loopPlaying: "Loop",
  loopHint: "Play over and over",
  speed: "Steps per second",
  previousStep: "Previous step",
  previousStepHint: "Previous step (←); first: Home",
  nextStep: "Next step",
  nextStepHint: "Next step (→); newest: End",
  stepOf: (at: number, all: number) => `${at} of ${all}`,
  medianDriftIs: (drift: string) => `median drift ${drift} from the first`,
  brushHint: "Shift and drag: compare two steps",
  settled: "settled",
  newest: "newest",

  health: "Health",
  healthOpen: "Show health",
  healthClose: "Hide health",
  findings: "What stands out",
  severity: { warning: "Warning", notice: "Notice", info: "For information" },
  moreFindings: (more: number) => `+ ${count(more)} more`,
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
  toFirst: "to first",
  toPrevious: "to previous",

  loading: "Loading",
  scanning: "Reading the log: more may appear.",
  scanningFirst: "Reading the log for the first time…",
  missingRun: (asked: string, shown: string) =>
    `Run “${asked}” is not in this log; showing “${shown}”.`,
  missingTag: (asked: string, shown: string) =>
    `Embedding “${asked}” is not in this run; showing “${shown}”.`,
  dismiss: "Dismiss",
  problems: (files: number) =>
    files === 1 ? "1 problem in the log" : `${count(files)} problems in the log`,
  problemAt: (path: string, offset: number) => `${path}, at byte ${count(offset)}`,
  unreachable: "TensorBoard is not answering. Trying again every few seconds.",
  failedIndex: "The log could not be read",
  failed: (what: string) => `${what} could not be loaded`,
  retry: "Try again",
  afterFailure: {
    gone: "Check that TensorBoard is still running; the page goes on by itself once it answers.",
    missing:
      "The log may have changed since this page was opened. Reload TensorBoard’s data, or pick another run.",
    wrong:
      "This link may come from another version of the plugin. Pick another view, or open the tab anew.",
    broken: "TensorBoard’s own terminal shows the details.",
  },

  emptyTitle: "No embeddings in this log yet",
  emptyNext: "The page fills by itself once a snapshot is written below the log directory.",
  emptyHow: "Log one from your training script:",
  tabs: { table: "Table", token: "Details", health: "Health" },
  panels: "Panels",

  copy: "Copy",
  copied: "Copied",
  keras: "Keras",
  loop: "TensorFlow, custom loop",
  pytorch: "PyTorch, JAX, anything else",
} as const;

/** The panels of Health: each with what it means, and what is usual. */
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
    help: "By singular values (effective rank), by variance (participation ratio). Usually fall as the table learns, not to 1.",
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
    help: "Likeness to another step: 1 the same but for rotation and scale. Usually falls to the first, nears 1 to the previous.",
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

export const SLOT_NAMES_SHOWN: Readonly<Record<string, string>> = {
  tokens: "The tokens",
  frequency: "The frequencies",
  positions: "The positions",
  drift: "Drift",
  newestDrift: "Drift to the newest step",
  stepDrift: "Drift since the step before",
  quality: "The quality of the map",
  trails: "The trails of the selected tokens",
  health: "Health",
  findings: "What stands out",
  trajectory: "The token’s trajectory",
  compared: "The trajectories of the selected tokens",
  motion: "The token’s motion",
  change: "The token’s neighbors",
  projector: "The Projector",
};

/** The lines that fill an empty log. */
export const SNIPPETS: readonly { name: string; code: string }[] = [
  {
    name: text.keras,
    code: `from tb_wordembed.keras import EmbeddingCallback

model.fit(x, y, epochs=5, callbacks=[EmbeddingCallback("runs", tokens=words)])`,
  },
  {
    name: text.loop,
    code: `import tb_wordembed.summary

with tf.summary.create_file_writer("runs/embeddings").as_default():
    ...
    tb_wordembed.summary.embedding("words", layer.embeddings, step=epoch, tokens=words)`,
  },
  {
    name: text.pytorch,
    code: `from tb_wordembed import SnapshotWriter

with SnapshotWriter("runs/embeddings") as writer:
    ...
    writer.embedding("words", model.embedding.weight, step=epoch, tokens=words)`,
  },
];

/** Every key, by where it works. */
export const KEYS: readonly {
  readonly where: string;
  readonly keys: readonly (readonly [key: string, what: string])[];
}[] = [
  {
    where: "Everywhere",
    keys: [
      ["Space", "Play, or pause"],
      ["← →", "Previous step, next step"],
      ["Home End", "First step, newest step"],
      ["/", "Find a token"],
      ["v", "Drift map, Projector, or both"],
      ["Esc", "Clear the selection"],
      ["Ctrl Z", "Undo"],
      ["Ctrl Shift Z", "Redo"],
      ["b", "Bookmarks"],
      ["?", "This list"],
    ],
  },
  {
    where: "Search",
    keys: [
      ["↑ ↓", "Through the matches"],
      ["Enter", "Select the match"],
      ["Ctrl Enter", "Select all matches"],
      ["Esc", "Clear the search, then leave it"],
    ],
  },
  {
    where: "Table",
    keys: [
      ["↑ ↓", "Row by row"],
      ["Page ↑ ↓", "Page by page"],
      ["Home End", "First row, last row"],
      ["Enter", "Select the row"],
      ["Space", "Add it, or take it away"],
      ["Shift ↑ ↓", "Select on the way"],
      ["Ctrl A", "Select all rows shown"],
    ],
  },
  {
    where: "Drift map",
    keys: [
      ["Shift ← ↑ ↓ →", "Move, or turn in 3-D"],
      ["+ −", "Zoom"],
      ["0", "Show all tokens"],
      ["l", "Lasso"],
      ["a", "Select all in view"],
      ["i", "Isolate the selection, or show all again"],
      ["r", "Arrows from the reference step"],
    ],
  },
];
