/** Shows the filter, the column chooser, and the switch that lists only selected tokens. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { checkbox } from "../shared/controls";
import { StateElement } from "../shared/state_element";
import "../shared/menu";
import "../shared/neighbor_controls";
import "./filter_box";
import "./saved_selections";
import { columnsAtWork, columnsNotInFile } from "../../selectors/table/column_values";
import { availableColumns, type TableColumn } from "../../selectors/table/table_columns";
import { patchView, toggleColumn } from "../../state/actions";
import { columnsOf } from "../../state/current";
import type { State } from "../../state/state";
import { ABOUT_NEIGHBORS, columnHelp, columnName, text } from "../../strings";

function sliceOf(current: State) {
  const { view } = current;
  return {
    available: availableColumns(current),
    missing: columnsNotInFile(current),
    shown: columnsOf(current),
    work: columnsAtWork(current),
    selected: view.selection.length,
    onlySelected: view.onlySelected,
    k: view.k,
    metric: view.metric,
  };
}

@customElement("wordembed-table-tools")
export class TableTools extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: grid;
      row-gap: inherit;
    }
    .tools {
      flex-wrap: wrap;
      justify-content: space-between;
    }
    label {
      min-height: 24px;
    }
    .neighbors {
      margin-top: 4px;
      padding-top: 8px;
      border-top: 1px solid var(--hairline);
    }
  `;

  protected override render(): TemplateResult {
    const { available, missing, shown } = this.slice;
    // A link may ask for a column that is not there: it can be taken away.
    const offered = available.filter(({ id }) => shown.includes(id) || !missing.includes(id));
    return html`
      <wordembed-filter-box .store=${this.store}>
        <wordembed-menu side="right" .label=${`${text.columnsMenu} ▾`}>
          <div role="group" aria-label=${text.columnsMenu}>
            ${offered.map((column) => this.choice(column))}
          </div>
          ${this.neighborhood()}
        </wordembed-menu>
      </wordembed-filter-box>
      <div class="tools row">
        ${this.only()}
        <wordembed-row-sets .store=${this.store}></wordembed-row-sets>
      </div>
      ${this.work()}
    `;
  }

  private choice(column: TableColumn): TemplateResult {
    const { id } = column;
    const { k, metric, shown } = this.slice;
    const label = columnName(column);
    const title = columnHelp(id, k, metric) ?? label;
    return checkbox(label, shown.includes(id), () => this.act(toggleColumn(id)), { title });
  }

  private neighborhood(): TemplateResult | typeof nothing {
    if (!this.slice.shown.some((id) => ABOUT_NEIGHBORS.has(id))) return nothing;
    return html`<div class="neighbors row muted">
      ${text.columnNeighbors} <wordembed-neighborhood .store=${this.store}></wordembed-neighborhood>
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
        ${text.cancelWork}
      </button>`;
      return html`<div class="spread muted" role="status">
        <span>${text.working(name, progress)}</span>
        ${shown.includes(id) ? cancel : nothing}
      </div>`;
    });
  }
}
