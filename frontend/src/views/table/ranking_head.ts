/** Shows the controls above the table: what it ranks by, lists and shows. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import "./reference_note";
import "../shared/menu";
import "./filter_box";
import "./saved_selections";
import type { Measure } from "../../api/contract.gen";
import { compares } from "../../selectors/shared/drift_summary";
import { frequencyOf, minFrequencyOf } from "../../selectors/shared/frequency";
import { columnSlot, columnsAtWork, columnsNotInFile } from "../../selectors/table/column_values";
import { groupByOf, groupColumns, listsOf, SETS } from "../../selectors/table/groups";
import {
  availableColumns,
  OF_NEIGHBORS,
  shownColumns,
  type TableColumn,
} from "../../selectors/table/table_columns";
import { ignoresMinFrequency } from "../../selectors/table/table_filter";
import { groupBy, patchView, toggleColumn } from "../../state/actions";
import {
  columnsOf,
  comparisonOf,
  otherSeriesOf,
  referenceOf,
  seriesOf,
  stepOf,
} from "../../state/current";
import type { State } from "../../state/state";
import {
  columnHelp,
  columnName,
  indicatorNote,
  MEASURE_HELP,
  MEASURE_NAMES,
  spanOf,
  text,
} from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { stepText } from "../../util/number_format";
import { about, checkbox, dropdown } from "../shared/controls";
import { neighborControls } from "../shared/neighbor_controls";
import { StateElement } from "../shared/state_element";
import { headStyles } from "./ranking_head.css";

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
    available: availableColumns(state),
    missing: columnsNotInFile(state),
    shown: columnsOf(state),
    work: columnsAtWork(state),
    selected: state.view.selection.length,
    onlySelected: state.view.onlySelected,
    k: state.view.k,
    metric: state.view.metric,
    reference: referenceOf(state),
    /** What the indicator of under-trained tokens is, if the table shows it. */
    indicator: shownColumns(state).some(({ id }) => id === "indicator")
      ? columnSlot(state, "indicator")?.value?.indicator
      : undefined,
  };
}

@customElement("wordembed-ranking-head")
export class RankingHead extends StateElement(sliceOf) {
  static override styles = headStyles;

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
      ${this.tools()}
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

  /** Returns the filter, the choice of columns, and the switch that lists only selected tokens. */
  private tools(): TemplateResult {
    const { available, missing, shown } = this.slice;
    // A link may ask for a column that is not there: it can be taken away.
    const offered = available.filter(({ id }) => shown.includes(id) || !missing.includes(id));
    return html`<div class="tools">
      <wordembed-filter-box .store=${this.store}>
        <wordembed-menu side="right" .label=${`${text.columns} ▾`}>
          <div role="group" aria-label=${text.columns}>
            ${offered.map((column) => this.choice(column))}
          </div>
          ${this.neighborhood()}
        </wordembed-menu>
      </wordembed-filter-box>
      <div class="only row">
        ${this.only()}
        <wordembed-row-sets .store=${this.store}></wordembed-row-sets>
      </div>
      ${this.work()}
    </div>`;
  }

  private choice(column: TableColumn): TemplateResult {
    const { id } = column;
    const { k, metric, shown } = this.slice;
    const label = columnName(column);
    const title = columnHelp(id, k, metric) ?? label;
    return checkbox(label, shown.includes(id), () => this.act(toggleColumn(id)), { title });
  }

  private neighborhood(): TemplateResult | typeof nothing {
    if (!this.slice.shown.some((id) => OF_NEIGHBORS.includes(id))) return nothing;
    return html`<div class="neighbors row muted">
      ${text.neighbors} ${neighborControls(this.slice, this.act)}
    </div>`;
  }

  /** Returns the switch; it is shown even without a selection, so that the table does not jump. */
  private only(): TemplateResult {
    const { selected, onlySelected } = this.slice;
    const toggle = () => this.act(patchView({ onlySelected: !onlySelected }));
    const disabled = !selected && !onlySelected;
    return checkbox(text.onlySelected(selected), onlySelected, toggle, { disabled });
  }

  private work(): TemplateResult[] {
    const { work, shown } = this.slice;
    return work.map(({ id, progress, failure }) => {
      const name = columnName({ id });
      if (failure) {
        return html`<p class="problem" role="alert">${text.failed(name)}: ${failure}</p>`;
      }
      const cancel = html`<button class="link" @click=${() => this.act(toggleColumn(id))}>
        ${text.cancel}
      </button>`;
      return html`<div class="spread muted" role="status">
        <span>${text.working(name, progress)}</span>
        ${shown.includes(id) ? cancel : nothing}
      </div>`;
    });
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
      [SETS, text.savedSelections],
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
