/** Writes the sentences that screen readers read out when the page changes. */

import { compares } from "../../selectors/shared/drift_summary";
import { labelOf } from "../../selectors/shared/row_labels";
import { rankingOf } from "../../selectors/table/table_order";
import { inspectedRow, otherSeriesOf, referenceOf, seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { MEASURE_NAMES, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { short } from "../../util/number_format";

/** The part of the state that is announced to screen readers. */
export type AnnouncedState = Readonly<ReturnType<typeof announcedStateOf>>;

export function announcedStateOf(state: State) {
  const { view, passing, slots } = state;
  const steps = seriesOf(state)?.steps ?? [];
  const step = stepOf(state);
  const row = inspectedRow(state);
  const drift = slots.drift.value;
  const moved = row !== null && drift && compares(drift) ? drift.values[row] : undefined;
  return {
    step,
    /** The place of the step among all steps, counted from 1. */
    at: steps.indexOf(step ?? Number.NaN) + 1,
    steps: steps.length,
    reference: referenceOf(state),
    /** The run of the reference, if it is another one. */
    against: otherSeriesOf(state)?.run ?? null,
    playing: passing.playing || passing.filming !== null,
    selected: view.selection.length,
    token: row === null ? null : cleanLabel(labelOf(state, row)),
    measure: MEASURE_NAMES[view.measure],
    drift: moved === undefined ? null : short(moved),
    isolated: view.isolated?.length ?? null,
    /** The number of tokens in the table; null until they are ranked. */
    listed: rankingOf(state)?.places.length ?? null,
  };
}

/**
 * Returns the sentences about a change; empty if nothing important changed.
 *
 * @param sliding whether a focused slider announces its step itself
 */
export function announcement(before: AnnouncedState, now: AnnouncedState, sliding = false): string {
  // While playing, steps change too fast to announce each.
  if (now.playing) return before.playing ? "" : text.saidPlaying;
  return [...sentencesOnSteps(before, now, sliding), ...sentencesOnTokens(before, now)].join(" ");
}

function sentencesOnSteps(before: AnnouncedState, now: AnnouncedState, sliding: boolean): string[] {
  const said: string[] = [];
  const moved = now.step !== before.step && !sliding;
  const changed = moved || now.steps !== before.steps || before.playing;
  if (changed && now.step !== null) said.push(text.saidStep(now.step, now.at, now.steps));
  const isOther = now.reference !== before.reference || now.against !== before.against;
  if (isOther && now.reference !== null && !sliding) {
    said.push(text.saidReference(now.reference, now.against && cleanLabel(now.against)));
  }
  return said;
}

function sentencesOnTokens(before: AnnouncedState, now: AnnouncedState): string[] {
  const said: string[] = [];
  const { selected, token, isolated, listed } = now;
  if (selected !== before.selected || token !== before.token) {
    if (token === null) said.push(text.saidNoneSelected);
    else if (selected > 1) said.push(text.saidTokens(selected, token));
    else said.push(text.saidToken(token, now.measure, now.drift));
  }
  if (isolated !== before.isolated) {
    said.push(isolated === null ? text.saidAll : text.saidIsolated(isolated));
  }
  if (listed !== null && before.listed !== null && listed !== before.listed) {
    said.push(text.saidListed(listed));
  }
  return said;
}
