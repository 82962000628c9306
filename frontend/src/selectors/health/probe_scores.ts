/** Asks for the scores of probes, and finds them among the loaded answers. */

import type { Probe, Series } from "../../api/contract.gen";
import type { Question } from "../../api/data_source";
import { seriesOf } from "../../state/current";
import { EMPTY, type ProbeSlotName, type Slot } from "../../state/slots";
import type { State } from "../../state/state";
import { MOST_PROBES, type NamedProbe } from "../../state/view";
import { memo } from "../../util/memo";
import { requestsAbout, type SlotRequest } from "../shared/request";
import { isHealthOpen } from "./all_tables";

const nameOf = (place: number): ProbeSlotName => `probe ${place}`;

/** Probes are long texts, so their questions are made once. */
const questionOf = memo(
  (series: Series, text: string): SlotRequest<Probe> & Question<"probe"> =>
    requestsAbout(series)("probe", { text }, { endsJob: true }),
  MOST_PROBES,
);

/** Makes the requests for the scores of all probes, if Health shows them. */
export function probeRequests(state: State): Record<ProbeSlotName, SlotRequest<Probe>> {
  const series = seriesOf(state);
  const isShown = series && isHealthOpen(state);
  const entries = state.view.probes.map(({ text }, at) => [
    nameOf(at),
    isShown && questionOf(series, text),
  ]);
  return Object.fromEntries(entries);
}

/** A probe and its scores, as far as they are there. */
export type ProbeOnScreen = ReturnType<typeof probesOf>[number];

export function probesOf({ view, slots }: State) {
  return view.probes.map((probe, at): { probe: NamedProbe; scores: Slot<Probe> } => ({
    ...{ probe, scores: slots[nameOf(at)] ?? EMPTY },
  }));
}
