/** Shows the filter of the table, and completes it as it is typed. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { type Completions, completionsOf } from "../../filter/completions";
import { columnsNamedIn } from "../../filter/parse_filter";
import { countValues } from "../../selectors/map/categories";
import { valuesOf } from "../../selectors/table/column_values";
import { availableColumns } from "../../selectors/table/table_columns";
import { filterColumns, readFilter } from "../../selectors/table/table_filter";
import { patchPassing, patchView } from "../../state/actions";
import { usualColumn } from "../../state/current";
import type { State } from "../../state/state";
import { filterProblem, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";
import { movedBy } from "../shared/controls";
import { StateElement } from "../shared/state_element";

/** The pause in typing after which the filter is applied, in milliseconds. */
const TYPING_MS = 250;

const valuesIn = memo((texts: ArrayLike<string>) => countValues(texts).map(([value]) => value), 4);

function sliceOf(current: State) {
  return {
    source: current.view.filter,
    usual: usualColumn(current),
    available: availableColumns(current),
    values: current.passing.completed.map((id) => valuesOf(current, id)),
  };
}

/** The filter; beside it is the slot of the element. */
@customElement("wordembed-filter-box")
export class FilterBox extends StateElement(sliceOf) {
  static override styles = css`
    .box {
      position: relative;
    }
    input,
    .option {
      font-family: ui-monospace, monospace;
      font-size: var(--small);
    }
    input {
      width: 100%;
    }
    .popup {
      top: 32px;
      left: 0;
      min-width: 100%;
      max-width: 320px;
      padding: 4px 0;
    }
    .option {
      padding-inline: 8px;
    }
    .syntax {
      overflow: hidden;
      padding: 4px 8px 0;
    }
    .note {
      margin-top: 8px;
      overflow-wrap: anywhere;
    }
  `;

  @query("input") private input!: HTMLInputElement;
  /** A text that is not a filter yet; until it is one, the filter before it stays in force. */
  @state() private draft: string | null = null;
  private replaced = "";
  /** The text before the cursor; null while nothing is completed. */
  @state() private typed: string | null = null;
  @state() private active = -1;
  @state() private focused = false;
  private typing: ReturnType<typeof setTimeout> | undefined;

  protected override willUpdate(): void {
    // A filter from elsewhere, such as a click in the table, takes the place of what was typed.
    if (this.slice.source !== this.replaced) this.draft = null;
    this.replaced = this.slice.source;
  }

  protected override render(): TemplateResult {
    const { source, available } = this.slice;
    const shown = this.draft ?? source;
    const { items } = this.completions();
    const error = readFilter(shown, available)?.error ?? null;
    // What is still being typed is not wrong yet.
    const endsEarly = error?.problem.kind === "expected" && !error.problem.found;
    const isUnfinished = this.focused && (endsEarly || items.length > 0);
    return html`<div class="row">
        <div class="box grow">
          <input
            type="text"
            role="combobox"
            aria-label=${text.filter}
            aria-expanded=${items.length > 0}
            aria-controls="completions"
            aria-autocomplete="list"
            aria-activedescendant=${this.active < 0 ? nothing : `completion-${this.active}`}
            aria-invalid=${error !== null && !isUnfinished}
            aria-describedby="note"
            placeholder=${text.filterHint[this.slice.usual]}
            autocomplete="off"
            spellcheck="false"
            .value=${shown}
            @input=${this.onInput}
            @change=${this.apply}
            @keydown=${this.onKey}
            @click=${this.complete}
            @focus=${this.onFocus}
            @blur=${this.onBlur}
          />
          ${items.length ? this.popup(items) : nothing}
        </div>
        <slot></slot>
      </div>
      <div id="note" class="note" ?hidden=${error === null || isUnfinished}>
        ${error && html`<span class="problem" role="alert">${filterProblem(error)}</span>`}
        ${this.draft !== null && source.trim() ? html`<span class="muted">${text.stillFiltered(source)}</span>` : nothing}
      </div>`;
  }

  private popup(items: readonly string[]): TemplateResult {
    // A press on the popup leaves the focus in the box.
    return html`<div class="popup" @mousedown=${(event: Event) => event.preventDefault()}>
      <div id="completions" role="listbox" aria-label=${text.completions}>
        ${items.map(
          (item, at) => html`<div
            id="completion-${at}"
            class="option ellipsis"
            role="option"
            aria-selected=${at === this.active}
            @click=${() => this.insert(item)}
          >${cleanLabel(item)}</div>`,
        )}
      </div>
      <p class="syntax muted small">${text.filterSyntax}</p>
    </div>`;
  }

  private completions(): Completions {
    if (this.typed === null) return { from: 0, items: [] };
    const { available } = this.slice;
    return completionsOf(this.typed, filterColumns(available), (id) => {
      const texts = valuesOf(this.store.state, id)?.texts;
      return texts ? valuesIn(texts) : [];
    });
  }

  /** Puts a completion in place of the word before the cursor. */
  private insert(item: string): void {
    const { value } = this.input;
    const { from } = this.completions();
    const before = `${value.slice(0, from)}${item}${/["(]$/.test(item) ? "" : " "}`;
    this.input.value = before + value.slice(this.typed?.length ?? value.length).trimStart();
    this.input.setSelectionRange(before.length, before.length);
    this.onInput();
  }

  private onInput(): void {
    this.complete();
    clearTimeout(this.typing);
    this.typing = setTimeout(() => this.apply(), TYPING_MS);
  }

  private complete(): void {
    this.active = -1;
    this.typed = this.input.value.slice(0, this.input.selectionStart ?? undefined);
    const completed = columnsNamedIn(this.typed, filterColumns(this.slice.available));
    this.act(patchPassing({ completed }));
  }

  private onFocus(): void {
    this.focused = true;
    this.complete();
  }

  private onBlur(): void {
    this.focused = false;
    this.typed = null;
    this.act(patchPassing({ completed: [] }));
  }

  private apply(): void {
    clearTimeout(this.typing);
    const { value } = this.input;
    const isFilter = !readFilter(value, this.slice.available)?.error;
    this.draft = isFilter ? null : value;
    if (isFilter) this.act(patchView({ filter: value }));
  }

  /** Handles keys: arrows choose a completion, Enter and Tab take it; Escape closes, clears, leaves. */
  private onKey(event: KeyboardEvent): void {
    const { items } = this.completions();
    const chosen = items[this.active];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!items.length) this.complete();
      this.active = movedBy(event.key, this.active, items.length);
    } else if ((event.key === "Enter" || event.key === "Tab") && chosen !== undefined) {
      this.insert(chosen);
    } else if (event.key === "Enter") {
      this.typed = null;
      this.apply();
      return;
    } else if (event.key === "Escape") this.escape(items.length > 0);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private escape(isOpen: boolean): void {
    if (isOpen && this.input.value) this.typed = null;
    else if (this.input.value) {
      this.input.value = "";
      this.apply();
    } else this.input.blur();
  }
}
