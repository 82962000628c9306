/** Holds the texts of the panel about the selected tokens. */

import { count } from "../util/number_format";

export const tokenText = {
  sizeOf: (measure: string, signed: boolean) => (signed ? `${measure}, either way` : measure),
  inspectorEmpty:
    "Pick a token in the map or the table to see how it moved and which neighbors it gained and lost. Play (Space) moves all tokens from step to step.",
  inspectorEmptySingle: "Pick a token in the map or the table to see its neighbors.",
  normOverSteps: "Norm",
  timesSeen: (times: number) => `frequency ${count(times)}`,
  rowNumber: (row: number) => `row ${count(row)}`,
  fixed: "fixed",
  fixedRow: "must not move",
  fixedRowHelp: "Training must not change this row: it may be padding.",
  updated: (times: number, of: number, last: string) =>
    times
      ? `Updated in ${count(times)} of ${count(of)} steps, last at ${last}`
      : `Never updated in ${count(of)} steps`,
  neighbors: "Neighbors",
  nearestBy: (k: number, metric: string) => `${count(k)} nearest by ${metric}`,
  neighborsOf: (token: string) => `Neighbors of ${token}`,
  otherNeighbors: "Neighbors of the others",
  inspectToken: (token: string) => `Inspect ${token}`,
  atStep: (step: string) => `Step ${step}`,
  distance: "distance",
  gained: "gained",
  kept: "kept",
  lost: "lost",
  overlap: (kept: number, k: number) => `${kept} of ${k} kept`,
  comparedTokens: (selected: number) => `${count(selected)} selected`,
  driftHead: "Drift",
  remove: "Remove",
  neighborCount: "Number of neighbors",
  neighborMetric: "Nearest by",
  rankNow: (rank: number, was: number) => `rank ${rank}, was ${was}`,
  overlapHelp:
    "overlap@k: the share of the reference step's nearest neighbors that are still among the nearest",
  motion: (span: string) => `Motion, ${span}`,
  movedWithNeighbors: "Moved with its neighbors",
  movedOnItsOwn: "on its own",
  motionHelp: (neighbors: number, isBetween: boolean) =>
    `The share of its squared displacement that the mean displacement of its ${count(neighbors)} nearest neighbors explains, and the rest. The neighbors are ${isBetween ? "those in the reference" : "looked up again on the way from step to step"}.`,
  noMotion: "No shares: it did not move, is not finite, or has no neighbors to compare with.",
  movedAlike: "Most alike",
  movedAlikeHelp: (cosine: string) => `cosine ${cosine} between the displacements`,
  metric: "by",
  columns: "Columns",
  allTokens: (span: string) => `All tokens, ${span}`,
  sinceStep: (step: string) => `Since step ${step}`,
  driftFrom: (from: string, measure = "drift") => `${measure} from ${from}`,
  curvesOfOwn: (own: string, other: string) =>
    `Curves of ${own}. Those of ${other} are drawn for one token at a time.`,
  curvesOnlyOf: (run: string) => `Curves of ${run}.`,
  curveHelp: (label: string) =>
    `${label}. The table of the reference is aligned anew with each step of this run. The other line shows how the token moved within the other run.`,
  overSteps: (measure: string, from: string) => `${measure} from step ${from} of this run`,
  distribution: (median: string, largest: string) =>
    `How many tokens moved how far, from 0 to ${largest}; half of them less than ${median}`,
  brushHelp: "Drag over a range: the table lists only its tokens. A click lists all again.",
  medianDrift: "Median",
  mostBelow: "90 % below",
  largestDrift: "Largest",
  unmoved: "Did not move",
  undefinedDrift: "Undefined",
  undefinedDriftHelp:
    "Tokens that have none under this measure: not finite or, for an angle, zero at one of the two steps.",
  noNeighbors: "This row has no direction (zero or not finite), so it has no neighbors.",
  close: "Clear selection",
} as const;
