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

/** Returns whether a slider has the focus. */
function isOnSlider(): boolean {
  let focused = document.activeElement;
  while (focused?.shadowRoot) focused = focused.shadowRoot.activeElement;
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

  protected override updated(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), QUIET_MS);
  }

  private tell(): void {
    const { told, slice } = this;
    // The first state is not announced; the count of the table stays while it is being ranked.
    this.told = { ...slice, listed: slice.listed ?? told?.listed ?? null };
    const words = told ? announcement(told, slice, isOnSlider()) : "";
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
  const other = otherSeriesOf(state);
  const drift = slots.drift.value;
  const moved = row !== null && drift && compares(drift) ? drift.values[row] : undefined;
  return {
    step,
    /** The place of the step among all steps, counted from 1. */
    at: steps.indexOf(step ?? Number.NaN) + 1,
    steps: steps.length,
    reference: referenceOf(state),
    /** The run of the reference, if it is another one. */
    against: other && cleanLabel(other.run),
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

/** Returns the sentences about a change; while `sliding`, a focused slider announces its step itself. */
export function announcement(before: AnnouncedState, now: AnnouncedState, sliding = false): string {
  // While playing, steps change too fast to announce each.
  if (now.playing) return before.playing ? "" : text.saidPlaying;
  const changed = (...fields: (keyof AnnouncedState)[]) =>
    fields.some((field) => now[field] !== before[field]);
  const { step, reference, against, isolated, listed } = now;
  const isAtStep = changed("steps") || before.playing || (changed("step") && !sliding);
  const isMeasured = changed("reference", "against") && !sliding;
  const isCounted = changed("listed") && before.listed !== null;
  const sentences = [
    isAtStep && step !== null && text.saidStep(step, now.at, now.steps),
    isMeasured && reference !== null && text.saidReference(reference, against),
    changed("selected", "token") && selectionSaid(now),
    changed("isolated") && (isolated === null ? text.saidAll : text.saidIsolated(isolated)),
    isCounted && listed !== null && text.saidListed(listed),
  ];
  return sentences.filter(Boolean).join(" ");
}

function selectionSaid({ selected, token, measure, drift }: AnnouncedState): string {
  if (token === null) return text.saidNoneSelected;
  return selected > 1 ? text.saidTokens(selected, token) : text.saidToken(token, measure, drift);
}
