/** Lists the values of the text column that the map is colored by. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { styleMap } from "lit/directives/style-map.js";
import { cornersOf, REACH, shapeOf } from "../../scatter/points/shapes";
import { type Category, MOST_COLORED } from "../../selectors/map/categories";
import { selectMany } from "../../selectors/map/label_priority";
import { colorsOf } from "../../selectors/map/point_colors";
import { patchView } from "../../state/actions";
import { toggleColored, toggleHidden } from "../../state/map_actions";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { count } from "../../util/number_format";
import { rowsWhere } from "../../util/row_lists";
import { signButton } from "../shared/controls";
import { StateElement } from "../shared/state_element";

/** More values are found by searching only. */
const MOST_LISTED = 200;

function sliceOf(current: State) {
  return { colors: colorsOf(current), hidden: current.view.hiddenValues };
}

@customElement("wordembed-categories")
export class CategoryList extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: flex;
      flex-direction: column;
      min-height: 0;
      font-size: var(--small);
    }
    input[type="search"] {
      width: 100%;
      height: 22px;
      margin: 4px 0 2px;
      font-size: var(--small);
    }
    ul {
      min-height: 60px;
      overflow: auto;
    }
    li {
      display: grid;
      grid-template-columns: auto 20px minmax(0, 1fr) auto;
      align-items: center;
      height: calc(var(--small) + 9px);
      padding-right: 4px;
    }
    input[type="checkbox"] {
      width: 13px;
      height: 13px;
      accent-color: var(--muted);
    }
    button {
      height: calc(var(--small) + 7px);
      padding: 0 2px;
      border: 0;
      background: none;
      font-size: var(--small);
      text-align: left;
    }
    button.color,
    .sign {
      display: grid;
      place-items: center;
      padding: 0;
    }
    button.color:hover i {
      outline: 1px solid var(--text);
      outline-offset: 2px;
    }
    i {
      width: 11px;
      height: 11px;
      background: var(--others);
    }
    i.disk {
      width: 8px;
      height: 8px;
      border-radius: 50%;
    }
    .all {
      align-self: flex-start;
    }
    .all:disabled {
      visibility: hidden;
    }
    .off {
      opacity: 0.5;
    }
  `;

  @state() private query = "";

  protected override render(): TemplateResult | typeof nothing {
    const { colors, hidden } = this.slice;
    if (!colors?.categories) return nothing;
    const { categories } = colors;
    const wanted = this.query.trim().toLowerCase();
    const found = categories
      .map((category, place) => ({ category, place }))
      .filter(({ category }) => category.name.toLowerCase().includes(wanted));
    const more = found.length - MOST_LISTED;
    return html`
      ${categories.length > MOST_COLORED ? this.search(categories.length) : nothing}
      <ul aria-label=${text.values}>
        ${found.slice(0, MOST_LISTED).map(({ category, place }) => this.line(category, place))}
      </ul>
      ${more > 0 ? html`<div class="muted">${text.moreValues(more)}</div>` : nothing}
      <button
        class="link all"
        ?disabled=${!hidden.length}
        @click=${() => this.act(patchView({ hiddenValues: [] }))}
      >
        ${text.showAllValues}
      </button>
    `;
  }

  private search(all: number): TemplateResult {
    return html`<input
      type="search"
      aria-label=${text.searchValues(all)}
      placeholder=${text.searchValues(all)}
      .value=${this.query}
      @input=${(event: Event) => {
        this.query = (event.target as HTMLInputElement).value;
      }}
      @keydown=${(event: Event) => event.stopPropagation()}
    />`;
  }

  private line(category: Category, place: number): TemplateResult {
    const { name } = category;
    const label = cleanLabel(name);
    const isHidden = this.slice.hidden.includes(name);
    return html`<li class=${isHidden ? "off" : ""}>
      <input
        type="checkbox"
        aria-label=${text.showValue(label)}
        title=${text.showValue(label)}
        .checked=${live(!isHidden)}
        @change=${() => this.act(toggleHidden(name))}
      />
      ${this.sign(category, place, label)}
      <button
        class="ellipsis"
        title="${label}: ${text.selectCategory}"
        @click=${(event: MouseEvent) => this.select(place, event)}
      >
        <span class="token">${label}</span>
      </button>
      <span class="muted">${count(category.count)}</span>
    </li>`;
  }

  /** Returns the color and shape; a value that is not among the largest can be given another. */
  private sign({ color, name }: Category, place: number, label: string): TemplateResult {
    const sign = signMark(color);
    if (place < MOST_COLORED) return html`<span class="sign">${sign}</span>`;
    const does = color === null ? text.giveColor(label) : text.takeColor(label);
    return signButton(sign, does, () => this.act(toggleColored(name)), { kind: "color" });
  }

  private select(place: number, event: MouseEvent): void {
    const { colors } = this.slice;
    if (!colors) return;
    const how = event.altKey ? "remove" : event.shiftKey ? "add" : "replace";
    this.act(selectMany(rowsWhere(colors.values, place), how));
  }
}

/** Returns a mark in the color and the shape of a category, gray for one without. */
function signMark(color: number | null): TemplateResult {
  const percent = (at: number) => `${(50 + (50 * at) / REACH).toFixed(1)}%`;
  const corners = color === null ? [] : cornersOf(shapeOf(color), 0, 0, 1);
  const clip = corners.map(([x, y]) => `${percent(x)} ${percent(y)}`).join(", ");
  return html`<i
    class=${clip ? "" : "disk"}
    style=${styleMap({
      background: color === null ? null : `var(--categories-${color})`,
      "clip-path": clip ? `polygon(${clip})` : null,
    })}
  ></i>`;
}
