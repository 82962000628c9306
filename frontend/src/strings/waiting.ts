/** Holds the texts for an empty or loading page and for errors. */

import { count, counted } from "../util/number_format";

export const waitingText = {
  loading: "Loading",
  scanning: "Reading the log: more may appear.",
  scanningFirst: "Reading the log for the first time…",
  runCalled: (name: string) => `Run “${name}”`,
  embeddingCalled: (name: string, run: string) => `Embedding “${name}” of run “${run}”`,
  seriesNotice: {
    missing: (series: string) => `${series} is not in this log`,
    deleted: (series: string) => `${series} was deleted or renamed`,
    anew: (series: string) => `${series} was written anew since you opened it.`,
  },
  lacksTokens: (series: string, tokens: number, of: number) =>
    `${series} has ${count(of - tokens)} of the ${count(of)} tokens that are selected, isolated or saved; it lacks ${count(tokens)}.`,
  showingOther: (shown: string) => `; showing “${shown}” meanwhile.`,
  dismiss: "Dismiss",
  problems: (files: number) => `${counted(files, "problem")} in the log`,
  incomplete: (places: number) =>
    places === 1
      ? "1 step or column is still being written"
      : `${count(places)} steps or columns are still being written`,
  problemAt: (path: string, offset: number) => `${path}, at byte ${count(offset)}`,
  roundedSteps: (limit: string) =>
    `Some steps are beyond ${limit}, where browsers round numbers: neighboring steps may look the same, and can’t all be opened here. Python reads them exactly.`,
  unreachable: "TensorBoard is not answering. Trying again every few seconds.",
  failedIndex: "The log could not be read",
  failed: (what: string) => `${what} could not be loaded`,
  failedAll: (first: string, others: number) =>
    `${first} and ${count(others)} more could not be loaded`,
  notLoaded: "This could not be loaded.",
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
  copy: "Copy",
  copied: "Copied",
} as const;

/** The name of each slot's content, as error messages show it. */
export const SLOT_NAMES_SHOWN: Readonly<Record<string, string>> = {
  tokens: "The tokens",
  frequency: "The frequencies",
  ranked: "The first ranks among all tokens",
  found: "What the search finds among all tokens",
  within: "The tokens in this part of the map",
  positions: "The positions",
  referencePositions: "The positions at the reference",
  drift: "Drift",
  rowsInReference: "The tokens of the reference",
  newestDrift: "Drift to the newest step",
  stepDrift: "Drift since the step before",
  quality: "The quality of the map",
  trails: "The trails of the selected tokens",
  health: "Health",
  findings: "What stands out",
  findingsBetween: "What differs from the reference",
  allHealth: "The health of all tables",
  similarity: "The similarity of the steps",
  otherHealth: "The health of the other run",
  trajectories: "The trajectories of the selected tokens",
  motion: "The token’s motion",
  change: "The token’s neighbors",
  groups: "The groups",
  groupTrajectories: "The curves of the groups",
  groupNeighbors: "The neighbors inside the groups",
  selectedGroup: "The selected tokens as a group",
  selectedPath: "The path of their centroid",
  projector: "The Projector",
};
