/** Decides which findings are shown: of the run on screen, and between it and another one. */

import type { Finding, Findings, Series, Severity } from "../../api/contract.gen";
import { otherSeriesOf, seedsOf } from "../../state/current";
import type { State } from "../../state/state";
import { noiseAsk, seedsContent } from "../shared/noise_request";
import type { RequestMaker, SlotRequest } from "../shared/request";
import type { Choices } from "../shared/request_choices";
import { isCounted } from "../table/changed_beyond_noise";

/** A finding, and the other series that it compares the one on screen with; null for none. */
export interface FindingOnScreen {
  readonly finding: Finding;
  readonly other: Series | null;
}

/** Asks what differs between two runs by more than noise, once seeds are chosen. */
export function findingsBetweenRequest(
  state: State,
  choices: Choices,
  to: RequestMaker,
): SlotRequest<Findings> | "keep" | null {
  if (!isCounted(state)) return null;
  if (state.passing.playing) return "keep";
  const policy = { delay: 400, endsJob: true, also: seedsContent(choices) };
  return to("findings_between", noiseAsk(choices), policy);
}

/** How far the search for findings between two runs is. */
export type Between = NonNullable<ReturnType<typeof betweenOf>>;

/** Returns the progress of findings between two runs, and the number of seeds; null within one run. */
export function betweenOf(state: State) {
  const other = otherSeriesOf(state);
  const { value, pending, job } = state.slots.findingsBetween;
  const isKnown = value !== null && pending === null;
  return other && { other, seeds: seedsOf(state).length, isKnown, progress: job?.progress ?? 0 };
}

/** Returns all findings, warnings first; of the same severity, those between two runs come first. */
export function findingsOf(state: State): readonly FindingOnScreen[] {
  const { findings, findingsBetween } = state.slots;
  const { other = null, isKnown = false } = betweenOf(state) ?? {};
  const ofBoth = isKnown ? (findingsBetween.value?.findings ?? []) : [];
  return [
    ...ofBoth.map((finding) => ({ finding, other })),
    ...(findings.value?.findings ?? []).map((finding) => ({ finding, other: null })),
  ].sort((a, b) => rankOf(a) - rankOf(b));
}

const RANKS: readonly Severity[] = ["warning", "notice", "info"];
const rankOf = ({ finding }: FindingOnScreen) => RANKS.indexOf(finding.severity);
