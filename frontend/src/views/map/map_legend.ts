/** Shows the legend of the map and the choice of what colors and sizes the points. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import "./category_list";
import {
  type ColorValues,
  colorByOf,
  colorColumns,
  colorsOf,
  isColorless,
  otherColorStep,
  sizeByOf,
  sizeColumns,
  sizesOf,
} from "../../selectors/map/point_colors";
import { columnSlot } from "../../selectors/table/column_values";
import type { TableColumn } from "../../selectors/table/table_columns";
import { patchView } from "../../state/actions";
import { seriesOf } from "../../state/current";
import { colorBy } from "../../state/map_actions";
import { toggleSet } from "../../state/set_actions";
import type { State } from "../../state/state";
import { columnName, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { count, stepText } from "../../util/number_format";
import { checkbox, dropdown, progressBar } from "../shared/controls";
import { StateElement } from "../shared/state_element";
import { colorName, colorTitle, endsOf, rampCss, sizeEnds } from "./color_legend";

function sliceOf(state: State) {
  const shown = colorByOf(state);
  const sizeBy = sizeByOf(state);
  const entries = [columnSlot(state, shown), columnSlot(state, sizeBy ?? "")];
  return {
    colors: colorsOf(state),
    series: seriesOf(state),
    colorless: isColorless(state),
    sizes: sizesOf(state),
    colorBy: shown,
    sizeBy,
    toColor: colorColumns(state),
    toSize: sizeColumns(state),
    /** The step of the colors, if it differs from the step on the map. */
    ofStep: otherColorStep(state),
    progress: entries.find((entry) => entry?.pending && entry.job)?.job?.progress ?? null,
    failure: entries.find((entry) => entry?.failure)?.failure?.message ?? null,
    sets: state.view.sets,
    theme: state.passing.theme,
  };
}

@customElement("wordembed-map-legend")
export class MapLegend extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      width: max-content;
      min-width: calc(15.3 * var(--small));
      max-width: min(22 * var(--small), 100% - 24px);
      padding: 6px 8px;
      border: 1px solid var(--hairline);
      border-radius: 4px;
      font-size: var(--small);
      line-height: 16px;
    }
    .fold {
      width: calc(100% + 16px);
      height: 24px;
      margin: -6px -8px;
      padding: 0 8px;
      font-size: var(--small);
    }
    .small {
      flex: 1;
      width: auto;
      min-width: 48px;
      height: 6px;
      border-radius: 2px;
    }
    .close {
      position: absolute;
      z-index: 1;
      top: 2px;
      right: 2px;
      width: 20px;
      height: 20px;
      padding: 0;
      color: var(--muted);
      font-size: var(--small);
    }
    .choices {
      display: grid;
      grid-template-columns: max-content minmax(0, 1fr);
      align-items: center;
      gap: 2px 6px;
      margin-right: 14px;
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
      font-size: var(--regular);
      text-overflow: ellipsis;
    }
    select:hover {
      border-color: var(--line);
    }
    ul {
      margin: 2px 0 0;
    }
    wordembed-categories {
      width: calc(19 * var(--small));
      max-width: 100%;
      max-height: 150px;
    }
    :host([isbeside]) wordembed-categories {
      max-height: none;
    }
    .sets {
      max-height: 112px;
      margin-top: 4px;
      padding-top: 4px;
      overflow: auto;
      border-top: 1px solid var(--hairline);
    }
    .sets label {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr) auto;
      gap: 6px;
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
    progress {
      width: 100%;
    }
  `;

  /** Whether the user folded the legend; null folds it on a small map only. */
  @state() private folded: boolean | null = null;
  /** Whether the map is so small that the legend would cover much of it. */
  @property({ type: Boolean }) isTight = false;

  private async fold(folded: boolean): Promise<void> {
    this.folded = folded;
    await this.updateComplete;
    this.renderRoot.querySelector("button")?.focus();
  }

  protected override render(): TemplateResult {
    const { colors, colorless, failure, ofStep, progress, sizes } = this.slice;
    if (this.folded ?? this.isTight) return this.chip();
    return html`
      <button
        class="quiet close"
        aria-expanded="true"
        aria-label=${text.legendClose}
        title=${text.legendClose}
        @click=${() => this.fold(true)}
      >
        ▾
      </button>
      ${this.choices()}
      ${progress === null ? nothing : progressBar(progress)}
      ${failure ? html`<div class="problem" role="alert">${failure}</div>` : nothing}
      ${colors ? this.heading(colors) : nothing}
      ${colorless ? html`<div>${text.noColors}</div>` : nothing}
      ${ofStep === null ? nothing : html`<div>${text.atStep(stepText(ofStep))}</div>`}
      ${colors?.categories ? html`<wordembed-categories .store=${this.store}></wordembed-categories>` : nothing}
      ${colors && !colors.categories ? this.ramp(colors) : nothing}
      ${sizes ? html`<div class="spread muted"><span>${text.sizes}</span><span>${sizeEnds(sizes)}</span></div>` : nothing}
      ${this.slice.sets.length ? this.sets() : nothing}
    `;
  }

  private chip(): TemplateResult {
    const { colors, sets, theme } = this.slice;
    const ramp = colors && !colors.categories ? rampCss(colors, theme) : null;
    const shown = sets.filter(({ hidden }) => !hidden);
    return html`<button
      class="quiet fold row"
      aria-expanded="false"
      title=${text.legendOpen}
      @click=${() => this.fold(false)}
    >
      <span class="ellipsis">${colors ? colorName(colors) : text.colorBy}</span>
      ${ramp === null ? nothing : html`<i class="small" style="background: ${ramp}"></i>`}
      ${shown.map(({ color }) => html`<i style="background: var(--marks-${color})"></i>`)}
      <span aria-hidden="true">▴</span>
    </button>`;
  }

  private choices(): TemplateResult {
    const { toColor, sizeBy, toSize } = this.slice;
    const named = (column: TableColumn): [string, string] => [column.id, columnName(column)];
    return html`<div class="choices">
      <label>
        ${text.colorBy}
        ${dropdown(toColor.map(named), this.slice.colorBy, (id) => this.act(colorBy(id)))}
      </label>
      <label>
        ${text.size}
        ${dropdown([["", text.sizeAlike], ...toSize.map(named)], sizeBy ?? "", (id) =>
          this.act(patchView({ sizeBy: id })),
        )}
      </label>
    </div>`;
  }

  /** Returns the line that adds the steps of a drift, or the kind of scale. */
  private heading(colors: ColorValues): TemplateResult | typeof nothing {
    const title = colorTitle(colors, this.slice.series);
    return title === null ? nothing : html`<div class="ellipsis" title=${title}>${title}</div>`;
  }

  private ramp(colors: ColorValues): TemplateResult {
    const [from, to] = endsOf(colors);
    return html`<div class="ramp" style="background: ${rampCss(colors, this.slice.theme)}"></div>
      <div class="spread muted"><span>${from}</span><span>${to}</span></div>`;
  }

  private sets(): TemplateResult {
    return html`<ul class="sets" aria-label=${text.savedSelections}>
      ${this.slice.sets.map(({ name, color, hidden, rows }) => {
        const label = cleanLabel(name);
        const words = html`<span class="ellipsis token">${label}</span>
          <span class="muted">${count(rows.length)}</span>`;
        const toggle = () => this.act(toggleSet(name));
        return html`<li style="--accent: var(--marks-${color})">
          ${checkbox(words, !hidden, toggle, { title: text.showSet(label) })}
        </li>`;
      })}
    </ul>`;
  }
}
