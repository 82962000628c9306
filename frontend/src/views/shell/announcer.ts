/** Announces to screen readers, in sentences, what a key or a click changed elsewhere on the page. */

import { css, html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { compares } from "../../selectors/shared/drift_summary";
import { labelOf } from "../../selectors/shared/row_labels";
import { rankingOf } from "../../selectors/table/table_order";
import { inspectedRow, otherSeriesOf, referenceOf, seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { MEASURE_NAMES, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { short } from "../../util/number_format";
import { StateElement } from "../shared/state_element";

/** The pause after which changes are announced together, in milliseconds. */
const QUIET_MS = 400;

/** Returns whether a slider in the element's page has the focus. */
function hasSlider(element: Element): boolean {
  let root: Node | null | undefined = element.getRootNode();
  let focused: Element | null = null;
  while (root instanceof Document || root instanceof ShadowRoot) {
    focused = root.activeElement;
    root = focused?.shadowRoot;
  }
  return focused?.role === "slider";
}

@customElement("wordembed-announcer")
export class Announcer extends StateElement(announcedStateOf) {
  static override styles = css`
    :host {
      display: contents;
    }
  `;

  @state() private said = "";
  private told: AnnouncedState | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  protected override render(): TemplateResult {
    return html`<p class="visually-hidden" role="status">${this.said}</p>`;
  }

  protected override sync(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), QUIET_MS);
  }

  private tell(): void {
    const { told, slice } = this;
    // The first state is not announced; the count of the table stays while it is being ranked.
    this.told = { ...slice, listed: slice.listed ?? told?.listed ?? null };
    const words = told ? announcement(told, slice, hasSlider(this)) : "";
    if (words) this.said = words;
  }
}

/** The part of the state that is announced to screen readers. */
export type AnnouncedState = Readonly<ReturnType<typeof announcedStateOf>>;

function announcedStateOf(state: State) {
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
