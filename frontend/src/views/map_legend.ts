import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { count } from "../format";
import type { Theme } from "../host/host";
import { cleanLabel } from "../scatter/text";
import { patchView, selectRows } from "../state/actions";
import {
  type ColorValues,
  colorByOf,
  colorColumns,
  colorsOf,
  otherColorStep,
  rowsOfCategory,
  type SizeValues,
  sizeByOf,
  sizeColumns,
  sizesOf,
} from "../state/colors";
import { toggleSet } from "../state/sets";
import type { RowSet, State } from "../state/state";
import type { TableColumn } from "../state/table_columns";
import { columnName, text } from "../strings";
import { shared } from "../theme/styles";
import { StateElement } from "./element";
import { categoryItems, colorTitle, endsOf, rampCss, sizeEnds } from "./legend";

interface Slice {
  colors: ColorValues | null;
  sizes: SizeValues | null;
  colorBy: string;
  sizeBy: string | null;
  toColor: readonly TableColumn[];
  toSize: readonly TableColumn[];
  /** Which step the colors are of, where it is not the one on the map. */
  ofStep: number | null;
  progress: number | null;
  failure: string | null;
  sets: readonly RowSet[];
  theme: Theme;
}

/** What colors and sizes of the points mean, and the choice of it. */
@customElement("wordembed-map-legend")
export class MapLegend extends StateElement<Slice> {
  static override styles = [
    shared,
    css`
      :host {
        display: block;
        width: max-content;
        min-width: 168px;
        max-width: min(240px, 100% - 24px);
        padding: 6px 8px;
        border: 1px solid var(--hairline);
        border-radius: 4px;
        font-size: 11px;
        line-height: 16px;
      }
      .choices {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        align-items: center;
        gap: 2px 6px;
        color: var(--muted);
      }
      .choices label {
        display: contents;
      }
      select {
        width: 100%;
        min-width: 0;
        height: 22px;
        padding-block: 0;
        border-color: transparent;
        background-color: transparent;
        color: var(--text);
        font-size: 12px;
        text-overflow: ellipsis;
      }
      select:hover {
        border-color: var(--line);
      }
      ul {
        margin: 2px 0 0;
        padding: 0;
        list-style: none;
      }
      li button {
        display: flex;
        align-items: center;
        gap: 6px;
        width: 100%;
        height: 18px;
        padding: 0 4px;
        border: 0;
        background: none;
        font-size: 11px;
        text-align: left;
      }
      .sets {
        max-height: 112px;
        margin-top: 4px;
        padding-top: 4px;
        overflow: auto;
        border-top: 1px solid var(--hairline);
        scrollbar-width: thin;
      }
      .sets label {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        align-items: center;
        gap: 6px;
        height: 20px;
      }
      .sets input {
        width: 14px;
        height: 14px;
      }
      i {
        flex: none;
        width: 8px;
        height: 8px;
        border-radius: 50%;
      }
      .ramp {
        height: 6px;
        margin: 2px 0;
        border-radius: 2px;
      }
      .ends {
        display: flex;
        justify-content: space-between;
        gap: 12px;
        color: var(--muted);
      }
      progress {
        width: 100%;
        accent-color: var(--accent);
      }
      .failure {
        color: var(--lost);
        overflow-wrap: anywhere;
      }
    `,
  ];

  protected select(state: State): Slice {
    const colorBy = colorByOf(state);
    const sizeBy = sizeByOf(state);
    const entries = [state.table[colorBy], state.table[sizeBy ?? ""]];
    return {
      colors: colorsOf(state),
      sizes: sizesOf(state),
      colorBy,
      sizeBy,
      toColor: colorColumns(state),
      toSize: sizeColumns(state),
      ofStep: otherColorStep(state),
      progress: entries.find((entry) => entry?.pending && entry.job)?.job?.progress ?? null,
      failure: entries.find((entry) => entry?.failure)?.failure?.message ?? null,
      sets: state.view.sets,
      theme: state.passing.theme,
    };
  }

  protected override render(): TemplateResult {
    const { colors, failure, ofStep, progress, sizes } = this.slice;
    return html`
      <div class="choices">${this.colorChoice()} ${this.sizeChoice()}</div>
      ${
        progress === null
          ? nothing
          : html`<progress max="1" .value=${progress} aria-label=${text.measuring}></progress>`
      }
      ${failure ? html`<div class="failure" role="alert">${failure}</div>` : nothing}
      ${colors ? this.heading(colors) : nothing}
      ${ofStep === null ? nothing : html`<div>${text.atStep(count(ofStep))}</div>`}
      ${colors ? (colors.categories ? this.swatches(colors) : this.ramp(colors)) : nothing}
      ${sizes ? html`<div class="ends"><span>${text.sizes}</span><span>${sizeEnds(sizes)}</span></div>` : nothing}
      ${this.slice.sets.length ? this.sets() : nothing}
    `;
  }

  private colorChoice(): TemplateResult {
    const { colorBy, toColor } = this.slice;
    return html`<label>
      ${text.colorBy}
      <select @change=${(event: Event) => this.act(patchView({ colorBy: valueIn(event) }))}>
        ${toColor.map((column) => option(column.id, nameOf(column), column.id === colorBy))}
      </select>
    </label>`;
  }

  private sizeChoice(): TemplateResult | typeof nothing {
    const { sizeBy, toSize } = this.slice;
    return html`<label>
      ${text.sizeBy}
      <select @change=${(event: Event) => this.act(patchView({ sizeBy: valueIn(event) }))}>
        ${option("", text.sizeAlike, sizeBy === null)}
        ${toSize.map((column) => option(column.id, nameOf(column), column.id === sizeBy))}
      </select>
    </label>`;
  }

  /** What the choice doesn't say: the steps of a drift, or that the scale is none of equal parts. */
  private heading(colors: ColorValues): TemplateResult | typeof nothing {
    const title = colorTitle(colors);
    return title === null ? nothing : html`<div class="ellipsis">${title}</div>`;
  }

  private ramp(colors: ColorValues): TemplateResult {
    const [from, to] = endsOf(colors);
    return html`<div class="ramp" style="background: ${rampCss(colors, this.slice.theme)}"></div>
      <div class="ends"><span>${from}</span><span>${to}</span></div>`;
  }

  private swatches(colors: ColorValues): TemplateResult {
    return html`<ul>
      ${categoryItems(colors).map(
        ({ name, color }, place) => html`<li>
          <button
            title=${text.selectCategory}
            @click=${(event: MouseEvent) => this.selectCategory(colors, place, event)}
          >
            <i style="background: ${color}"></i>
            <span class="ellipsis token">${name}</span>
          </button>
        </li>`,
      )}
    </ul>`;
  }

  /** The saved selections: which of them are shown in their colors. */
  private sets(): TemplateResult {
    return html`<ul class="sets" aria-label=${text.savedSelections}>
      ${this.slice.sets.map(({ name, color, hidden, rows }) => {
        const label = cleanLabel(name);
        return html`<li>
          <label title=${text.showSet(label)}>
            <input
              type="checkbox"
              style="accent-color: var(--marks-${color})"
              .checked=${live(!hidden)}
              @change=${() => this.act(toggleSet(name))}
            />
            <span class="ellipsis token">${label}</span>
            <span class="muted">${count(rows.length)}</span>
          </label>
        </li>`;
      })}
    </ul>`;
  }

  private selectCategory(colors: ColorValues, place: number, event: MouseEvent): void {
    const how = event.altKey ? "remove" : event.shiftKey ? "add" : "replace";
    this.act(selectRows(rowsOfCategory(colors, place), how));
  }
}

function nameOf(column: TableColumn): string {
  return column.id === "drift" ? text.driftFromReference : columnName(column);
}

function option(value: string, label: string, selected: boolean): TemplateResult {
  return html`<option value=${value} .selected=${live(selected)}>${label}</option>`;
}

function valueIn(event: Event): string {
  return (event.target as HTMLSelectElement).value;
}
