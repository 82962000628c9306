/** Holds the texts about a reference in another series. */

import type { Alignment, Drift, Measure } from "../api/contract.gen";
import { cleanLabel } from "../util/label_text";
import { count, counted, stepText } from "../util/number_format";
import { foldNames } from "../util/run_names";
import { MEASURE_NAMES } from "./columns";
import { tokenText } from "./token";

export const referenceText = {
  against: "Against",
  againstHelp: "What drift is measured from: a step of this run, or of another one",
  findAgainst: "Find a run to compare with",
  itself: "This run",
  againstStep: "Step of the reference",
  stepIn: (series: string, step: string) => `${series}, step ${step}`,
  aligned: (tokens: number, residual: string, isOfAll: boolean, centered: boolean) =>
    `${centered ? "Centered, aligned" : "Aligned"} over ${count(tokens)} ${isOfAll ? "common tokens" : "anchors"}, residual ${residual}`,
  alignment: "Alignment",
  alignmentHelp: "How the reference is aligned with this run",
  alignOver: "Over",
  alignOverHelp:
    "The tokens that the rotation is found over, the anchors: such as words of which the meaning did not change. Take at least as many as the tables have dimensions; select tokens, or save a selection, to choose others.",
  allCommon: "All common tokens",
  selectedTokens: (tokens: number) => `The ${counted(tokens, "selected token")}`,
  chosenTokens: (tokens: number) => `The ${counted(tokens, "token")} chosen before`,
  tokensOf: (name: string, tokens: number) => `${name}, ${counted(tokens, "token")}`,
  centered: "Centered",
  centeredHelp:
    "The mean of each table is taken off first, so that a shift of all tokens alike is no drift.",
  aboutAlignment: "About the alignment",
  alignedHelp:
    "Two trainings share no basis. So the table of the reference is turned by the rotation that brings it nearest to this one (orthogonal Procrustes), and drift is measured from there. The residual is what is left of their difference: 0 for the same tables, 1 for tables with nothing in common. Measures of neighbors need no alignment.",
  notAligned: (there: number, here: number) =>
    `${count(there)} dimensions there, ${count(here)} here: ranked by the neighbors kept`,
  notAlignedHelp:
    "Only tables of as many dimensions can be aligned, so there is no drift between these two, and no common map. Which neighbors a token has can be compared nevertheless: the tokens that kept the least come first.",
  /** What an image shows whose points are where the tokens are in the other run. */
  there: (name: string) => `${name}, aligned with this run`,
  thereHelp:
    "Where the tokens are at the reference, in the basis of this run after the alignment. Tokens that the reference lacks have no place.",
  mapRuns: { other: "Reference", both: "Both" },
  mapRunsHelp: {
    other: (run: string) =>
      `Shows where the tokens are in ${run} after the alignment, or shows this run again (X)`,
    both: (run: string) =>
      `Shows ${run} beside this run, in one basis and one view, or this run alone again (C)`,
  },
  oneRun: {
    layout: "This run alone: choose PCA to see both",
    dimensions: "This run alone: the other has other dimensions",
  },
  oneRunHelp:
    "Two runs have one basis once they are aligned: their principal components compare, other layouts do not. Tables of different dimensions can’t be aligned.",
  mapOf: (name: string) => `Map of ${name}`,
  seeds: (chosen: number) => (chosen ? `Seeds (${chosen})` : "Seeds"),
  seedsHelp:
    "Runs that differ in nothing but chance: how much a token differs between them is its noise",
  seedsNeeded: "Choose two runs or more; five or more tell what is usual of a single token.",
  comparingSeeds: "Comparing the seeds",
  changed: (changed: number, known: number) => `${count(changed)} of ${count(known)} beyond noise`,
  changedHelp:
    "Tokens whose q-value is 0.05 or less: of those, one in twenty is expected to be there by chance. A click lists only them and fades the others on the map; again: all.",
  newToken: "new",
  newTokens: (tokens: number) => `${count(tokens)} new`,
  newTokensHelp: "Select the tokens that the reference lacks: they have no drift",
  goneTokens: (tokens: number) => `${count(tokens)} gone`,
  goneTokensHelp: "Tokens that only the reference has",
  moreGone: (tokens: number) => `and ${count(tokens)} more`,
  notInReference: "The reference lacks this token.",
  leftComparison: (reference: string) =>
    `No longer against ${reference}: the finding is about steps of this run.`,
  compareAgain: "Compare again",
  noReference: (series: string) =>
    `${series}, the reference, is not in this log; drift is measured within the run meanwhile.`,
} as const;

/** What names a series. */
export type Named = Pick<Alignment, "run" | "tag">;

interface Span extends Pick<Drift, "from_step" | "to_step"> {
  /** The series that the first step is of; null where both are of one. */
  readonly alignment: Named | null;
}

/**
 * Returns the name of a series beside the one on screen: its run, without the folders that both are
 * in, and its tag if that is another one.
 */
export function seriesName({ run, tag }: Named, shown: Named | null): string {
  const name = cleanLabel(shown ? foldNames([run, shown.run]).short(run) : run);
  return tag === shown?.tag ? name : `${name} · ${cleanLabel(tag)}`;
}

/** Returns the name of a step: with that of its series, where it is another one. */
export function stepName(step: number, of: Named | null, shown: Named | null): string {
  return of ? referenceText.stepIn(seriesName(of, shown), stepText(step)) : stepText(step);
}

interface Curve {
  readonly measure: Measure;
  readonly reference: { readonly step: number; readonly of: Named | null };
}

/** Names a curve of drift: `Cosine drift`, or `Cosine drift from seed 2, step 3`. */
export function curveName({ measure, reference: { step, of } }: Curve, shown: Named | null) {
  const name = MEASURE_NAMES[measure];
  return of ? tokenText.driftFrom(stepName(step, of, shown), name) : name;
}

/** Names the two steps of a drift: `step 3 → 7`, or `seed 2, step 3 → 7`. */
export function spanOf({ from_step, to_step, alignment }: Span, shown: Named | null): string {
  const from = stepName(from_step, alignment, shown);
  return `${alignment ? "" : "step "}${from} → ${stepText(to_step)}`;
}
