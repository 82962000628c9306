/** Shows how many tokens the table lists, and what can be done with them at once. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { isolateMany, selectMany } from "../../selectors/map/label_priority";
import { minFrequencyOf } from "../../selectors/shared/frequency";
import { labelsOf } from "../../selectors/shared/row_labels";
import { listedRows, rankingOf, searchMask } from "../../selectors/table/table_order";
import { wholeTableOf } from "../../selectors/table/whole_table";
import { patchView } from "../../state/actions";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { saveTable } from "../../table_export/csv";
import { tableCsv } from "../../table_export/csv_files";
import { StateElement } from "../shared/state_element";

function sliceOf(current: State) {
  const { filter, isolated, onlySelected } = current.view;
  const isSearched = searchMask(current) !== null;
  return {
    ranking: rankingOf(current),
    all: labelsOf(current).length,
    floor: minFrequencyOf(current),
    stale: current.slots.drift.failure !== null,
    whole: wholeTableOf(current),
    isNarrowed: filter.trim() !== "" || isSearched || isolated !== null || onlySelected,
  };
}

@customElement("wordembed-table-footer")
export class TableFooter extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: flex;
      justify-content: space-between;
      flex-wrap: wrap;
      gap: 0 12px;
      padding: 4px 12px;
      border-top: 1px solid var(--hairline);
      color: var(--muted);
    }
  `;

  @state() private problem: string | null = null;

  protected override render(): TemplateResult {
    const { ranking, all, floor, stale, isNarrowed } = this.slice;
    if (!ranking) return html`<span>${stale ? text.notLoaded : `${text.loading}…`}</span>`;
    const { places, hidden } = ranking;
    const isPart = isNarrowed && places.length > 0 && places.length < all;
    return html`<span>${text.shown(places.length, all)}</span>
      ${this.ofWholeTable()}
      ${isPart ? this.actions(places.length) : nothing}
      ${places.length > 0 && hidden > 0 && floor > 0 ? this.rarer(hidden, floor) : nothing}
      ${this.problem && html`<span class="problem" role="alert">${this.problem}</span>`}`;
  }

  /** Says what the list is of a table that the page can't hold. */
  private ofWholeTable(): TemplateResult | typeof nothing {
    const { whole } = this.slice;
    if (whole === null) return nothing;
    if (typeof whole === "number") return html`<span>${text.filteredOfAll(whole)}</span>`;
    return html`<span>${whole === "unranked" ? text.unranked : text.unfiltered}</span>`;
  }

  private actions(rows: number): TemplateResult {
    const action = (label: string, help: string, act: () => void) =>
      html`<button class="link" title=${help} @click=${act}>${label}</button>`;
    return html`<span>
      ${action(text.selectListed(rows), text.selectListedHelp, () => this.act(selectListed))} ·
      ${action(text.isolate, text.isolateListedHelp, () => this.act(isolateListed))} ·
      ${action(text.exportMenu, text.exportTable(rows), () => void this.save())}
    </span>`;
  }

  private rarer(hidden: number, floor: number): TemplateResult {
    return html`<span title=${text.minFrequencyHelp}>
      ${text.hiddenByFloor(hidden, floor)}
      <button class="link" @click=${() => this.act(patchView({ minFrequency: 0 }))}>
        ${text.showHidden}
      </button>
    </span>`;
  }

  private async save(): Promise<void> {
    const file = tableCsv(this.store.state);
    this.problem = file ? null : text.notSaved(text.notMeasuredYet);
    if (file) await saveTable(file);
  }
}

const selectListed = (current: State) => selectMany(listedRows(current))(current);
const isolateListed = (current: State) => isolateMany(selectListed(current));
