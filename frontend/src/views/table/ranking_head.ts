/** Shows the controls above the table: measure, steps and minimum frequency of the ranking. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { about, dropdown } from "../shared/controls";
import { StateElement } from "../shared/state_element";
import "./reference_note";
import "./table_tools";
import type { Measure } from "../../api/contract.gen";
import { compares } from "../../selectors/shared/drift_summary";
import { frequencyOf, minFrequencyOf } from "../../selectors/shared/frequency";
import { columnSlot } from "../../selectors/table/column_values";
import { groupByOf, groupColumns, listsOf, SETS } from "../../selectors/table/groups";
import { shownColumns } from "../../selectors/table/table_columns";
import { ignoresMinFrequency } from "../../selectors/table/table_filter";
import { groupBy, patchView } from "../../state/actions";
import { comparisonOf, otherSeriesOf, referenceOf, seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { indicatorNote, MEASURE_HELP, MEASURE_NAMES, spanOf, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { stepText } from "../../util/number_format";

function sliceOf(state: State) {
  return {
    drift: state.slots.drift.value,
    measure: state.view.measure,
    /** The minimum frequency; null without frequencies, or if the ranking ignores it. */
    floor: ignoresMinFrequency(state) ? null : frequencyOf(state) && minFrequencyOf(state),
    step: stepOf(state),
    grouped: groupByOf(state),
    groupColumns: groupColumns(state),
    canGroup:
      !state.savedPage &&
      comparisonOf(state) !== "neighbors" &&
      (groupColumns(state).length > 0 || listsOf(state).length > 0 || groupByOf(state) !== ""),
    comparison: comparisonOf(state),
    savedPage: state.savedPage,
    series: seriesOf(state),
    other: otherSeriesOf(state),
    reference: referenceOf(state),
    /** What the indicator of under-trained tokens is, if the table shows it. */
    indicator: shownColumns(state).some(({ id }) => id === "indicator")
      ? columnSlot(state, "indicator")?.value?.indicator
      : undefined,
  };
}

@customElement("wordembed-ranking-head")
export class RankingHead extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      justify-content: space-between;
      gap: 8px;
      padding: 8px 12px;
    }
    /* With two runs, more is said: lines of text lie between those of controls. */
    :host([two]) {
      --control-height: 24px;
      gap: 2px 8px;
      padding: 4px 12px;
    }
    h2 {
      min-width: 0;
    }
    select {
      flex: 0 1 auto;
      min-width: 0;
      max-width: 100%;
    }
    /* Beside the heading, where that leaves room. */
    h2 + select {
      flex: 1 1 132px;
      max-width: 184px;
    }
    label {
      flex: 0 1 auto;
      gap: 4px;
      min-width: 0;
      color: var(--muted);
      white-space: nowrap;
    }
    label select {
      flex: none;
      width: 76px;
    }
    @supports (field-sizing: content) {
      label select {
        width: auto;
        min-width: 76px;
        max-width: 160px;
        field-sizing: content;
      }
    }
    /* Its arrows would take the room of two digits. */
    input {
      width: 52px;
      appearance: textfield;
      text-align: right;
    }
    input::-webkit-inner-spin-button {
      display: none;
    }
    wordembed-table-tools {
      flex: 1 0 100%;
    }
    @media (max-width: 760px) {
      wordembed-table-tools,
      .note {
        order: 1;
      }
    }
    .note {
      flex: 1 0 100%;
      min-width: 0;
      color: var(--muted);
    }
  `;

  protected override render(): TemplateResult {
    const { drift, floor, comparison, other } = this.slice;
    this.toggleAttribute("two", other !== null);
    const atReference = comparison === "drift" && drift && !compares(drift);
    const heading = this.heading();
    return html`
      <h2 class="ellipsis" title=${heading}>${heading}</h2>
      ${comparison === "nothing" ? html`<span class="note">${text.oneSnapshot}</span>` : nothing}
      ${comparison === "drift" ? this.measures() : nothing}
      ${other ? html`<wordembed-reference-note class="note" .store=${this.store}></wordembed-reference-note>` : nothing}
      <wordembed-table-tools .store=${this.store}></wordembed-table-tools>
      ${this.groupBy()}
      ${
        floor === null
          ? nothing
          : html`<label title=${text.minFrequencyHelp}>
              ${text.minFrequency}
              <input type="number" min="0" .value=${live(String(floor))} @change=${this.onFloor} />
            </label>`
      }
      ${this.indicator()}
      ${atReference ? html`<p class="note">${text.atReference}</p>` : nothing}
    `;
  }

  private measures(): TemplateResult {
    const { measure, savedPage, reference: from_step, step: to_step } = this.slice;
    const lacks = (one: Measure) =>
      savedPage !== null &&
      !savedPage.has("drift", { from_step: from_step ?? 0, to_step: to_step ?? 0, measure: one });
    return dropdown(
      Object.entries(MEASURE_NAMES).map(([one, name]) =>
        lacks(one as Measure) ? [one, text.notInPageOption(name), true] : [one, name],
      ),
      measure,
      (value) => this.act(patchView({ measure: value as Measure })),
      { label: text.measure, title: MEASURE_HELP[measure] },
    );
  }

  /** Returns the heading with the steps of the ranking, which can differ from the chosen ones while loading. */
  private heading(): string {
    const { drift, comparison, other, reference, step, series } = this.slice;
    if (step === null) return text.table;
    if (comparison === "nothing") return text.atStep(stepText(step));
    const chosen = { from_step: reference ?? step, to_step: step, alignment: other };
    const shown = comparison === "drift" ? drift : chosen;
    if (!shown) return text.table;
    const span = spanOf(shown, series);
    return compares(shown) ? capital(span) : text.atStep(stepText(shown.to_step));
  }

  private indicator(): TemplateResult | typeof nothing {
    const { indicator } = this.slice;
    if (!indicator) return nothing;
    const { words, help } = indicatorNote(indicator.indicator, indicator.known_unused);
    return html`<div class="note spread">
      <span>${words}</span>${about(text.aboutIndicator, html`<p>${help}</p>`)}
    </div>`;
  }

  private groupBy(): TemplateResult | typeof nothing {
    const { grouped, groupColumns: columns, canGroup } = this.slice;
    if (!canGroup) return nothing;
    const options: [string, string][] = [
      ["", text.groupByNone],
      ...columns.map(({ id, name }): [string, string] => [id, cleanLabel(name)]),
      [SETS, text.groupBySets],
    ];
    return html`<label>
      ${text.groupBy}
      ${dropdown(options, grouped, (by) => this.act(groupBy(by)))}
    </label>`;
  }

  /** Sets the minimum frequency; an empty box sets the default. */
  private onFloor(event: Event): void {
    const { value } = event.target as HTMLInputElement;
    const floor = value.trim() === "" ? Number.NaN : Number(value);
    this.act(patchView({ minFrequency: floor >= 0 ? floor : null }));
    // If the default was set before, the state does not change, and the box must be filled again.
    this.requestUpdate();
  }
}

const capital = (words: string) => words.replace(/^step/, text.step);
