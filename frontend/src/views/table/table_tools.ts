/** Shows the column chooser, the filter, and the switch that lists only selected tokens. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import "../shared/menu";
import "../shared/neighbor_controls";
import "./saved_selections";
import { columnsAtWork } from "../../selectors/column_values";
import { availableColumns, type TableColumn } from "../../selectors/table_columns";
import { filterOf } from "../../selectors/table_filter";
import { patchView, toggleColumn } from "../../state/actions";
import type { State } from "../../state/state";
import {
  ABOUT_NEIGHBORS,
  COLUMN_CHOICES,
  COLUMN_HEADS,
  columnHelp,
  filterProblem,
  text,
} from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { StateElement } from "../shared/state_element";

/** The pause in typing after which the filter is applied, in milliseconds. */
const TYPING_MS = 250;

function sliceOf(current: State) {
  const { view } = current;
  return {
    source: view.filter,
    filter: filterOf(current),
    available: availableColumns(current),
    shown: view.columns,
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
      gap: 8px;
    }
    .row {
      display: flex;
      gap: 8px;
    }
    .wrap {
      flex-wrap: wrap;
      justify-content: space-between;
    }
    input[type="text"] {
      flex: 1;
      min-width: 0;
      font-family: ui-monospace, monospace;
      font-size: var(--small);
    }
    label {
      min-height: 24px;
    }
    input[type="checkbox"] {
      width: 16px;
      height: 16px;
      margin: 0;
      accent-color: var(--accent);
    }
    .neighbors {
      display: flex;
      align-items: center;
      gap: 8px;
      margin-top: 4px;
      padding-top: 8px;
      border-top: 1px solid var(--hairline);
    }
    .note {
      overflow-wrap: anywhere;
    }
  `;

  @query("input") private input!: HTMLInputElement;
  @state() private focused = false;
  private typing: ReturnType<typeof setTimeout> | undefined;

  protected override render(): TemplateResult {
    const { source, filter, available } = this.slice;
    const error = filter?.error ?? null;
    const names = ["token", ...filterable(available)];
    return html`
      <div class="row">
        <input
          type="text"
          aria-label=${text.filter}
          aria-invalid=${error !== null}
          aria-describedby="note"
          placeholder=${text.filterHint}
          autocomplete="off"
          spellcheck="false"
          .value=${source}
          @input=${this.onInput}
          @change=${this.apply}
          @keydown=${this.onKey}
          @focus=${() => this.setFocus(true)}
          @blur=${() => this.setFocus(false)}
        />
        <wordembed-menu side="right" .label=${`${text.columnsMenu} ▾`}>
          <div role="group" aria-label=${text.columnsMenu}>
            ${available.map((column) => this.choice(column))}
          </div>
          ${this.neighborhood()}
        </wordembed-menu>
      </div>
      <div id="note" class="note" ?hidden=${!error && !this.focused}>
        ${
          error
            ? html`<span class="problem" role="alert">${filterProblem(error)}</span>`
            : html`<span class="muted">${text.filterHelp(names.map(cleanLabel))}</span>`
        }
      </div>
      <div class="row wrap">
        ${this.only()}
        <wordembed-row-sets .store=${this.store}></wordembed-row-sets>
      </div>
      ${this.work()}
    `;
  }

  private choice(column: TableColumn): TemplateResult {
    const { id, name } = column;
    const { k, metric } = this.slice;
    const label = COLUMN_CHOICES[id] ?? COLUMN_HEADS[id] ?? cleanLabel(name);
    return html`<label title=${columnHelp(id, k, metric) ?? label}>
      <input
        type="checkbox"
        .checked=${live(this.slice.shown.includes(id))}
        @change=${() => this.act(toggleColumn(id))}
      />
      ${label}
    </label>`;
  }

  /** Returns the number of neighbors and the metric, if a column about neighbors is shown. */
  private neighborhood(): TemplateResult | typeof nothing {
    if (!this.slice.shown.some((id) => ABOUT_NEIGHBORS.has(id))) return nothing;
    return html`<div class="neighbors muted">
      ${text.columnNeighbors} <wordembed-neighborhood .store=${this.store}></wordembed-neighborhood>
    </div>`;
  }

  /** Returns the switch; it is shown even without a selection, so that the table does not jump. */
  private only(): TemplateResult {
    const { selected, onlySelected } = this.slice;
    return html`<label>
      <input
        type="checkbox"
        ?disabled=${!selected && !onlySelected}
        .checked=${live(onlySelected)}
        @change=${() => this.act(patchView({ onlySelected: !onlySelected }))}
      />
      ${text.onlySelected(selected)}
    </label>`;
  }

  /** Returns the progress and the errors of columns that take long. */
  private work(): TemplateResult[] {
    const { work, shown } = this.slice;
    return work.map(({ id, progress, failure }) => {
      const name = COLUMN_CHOICES[id] ?? COLUMN_HEADS[id] ?? cleanLabel(id.replace("column:", ""));
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

  private setFocus(focused: boolean): void {
    this.focused = focused;
  }

  private onInput(): void {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.apply(), TYPING_MS);
  }

  private apply(): void {
    clearTimeout(this.typing);
    this.act(patchView({ filter: this.input.value }));
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    if (this.input.value) {
      this.input.value = "";
      this.apply();
    } else this.input.blur();
    event.stopPropagation();
  }
}

function filterable(columns: readonly TableColumn[]): string[] {
  return columns.filter(({ kind }) => kind !== "trend").map(({ name }) => name);
}
