/** Shows the saved selections, each with a name and a color. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { colorsOf } from "../../selectors/map/point_colors";
import { recolorSet, removeSet, saveSelection, selectSet } from "../../state/set_actions";
import type { State } from "../../state/state";
import type { RowSet } from "../../state/view";
import { text } from "../../strings";
import { marksUnlike } from "../../theme/color_distance";
import { PALETTES } from "../../theme/palette";
import { cleanLabel } from "../../util/label_text";
import { count } from "../../util/number_format";
import { signButton } from "../shared/controls";
import { StateElement } from "../shared/state_element";

function sliceOf(state: State) {
  const { sets, selection } = state.view;
  return { sets, selected: selection.length };
}

@customElement("wordembed-row-sets")
export class SavedSelections extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      --control-height: 24px;
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 4px;
    }
    .set {
      display: flex;
      align-items: center;
      max-width: 100%;
      border: 1px solid var(--control);
      border-radius: 12px;
      background: var(--ground);
    }
    .set button {
      height: 22px;
      padding: 0 4px;
      border: 0;
      border-radius: 11px;
    }
    .name {
      gap: 4px;
      min-width: 0;
    }
    .color {
      display: grid;
      place-items: center;
      width: 24px;
    }
    .color i {
      width: 10px;
      height: 10px;
      border: 2px solid currentColor;
      border-radius: 50%;
      background: currentColor;
    }
    .color .hidden {
      background: none;
    }
    form {
      flex: 1 0 100%;
    }
  `;

  @state() private naming = false;
  @query("input") private input!: HTMLInputElement | null;
  @query(".save") private opener!: HTMLButtonElement | null;

  protected override render(): TemplateResult {
    const { sets, selected } = this.slice;
    return html`${sets.map((set) => this.chip(set))}
    ${
      selected && !this.naming
        ? html`<button class="save" @click=${this.onName}>${text.saveSelection}</button>`
        : nothing
    }
    ${selected && this.naming ? this.form() : nothing}`;
  }

  private chip({ name, color, rows, hidden }: RowSet): TemplateResult {
    const label = cleanLabel(name);
    const dot = html`<i class=${hidden ? "hidden" : ""} style="color: var(--marks-${color})"></i>`;
    return html`<span class="set" role="group" aria-label=${label}>
      ${signButton(dot, text.recolorSet, () => this.act(recolorSet(name)), { kind: "quiet color" })}
      <button
        class="quiet name row"
        title=${text.selectSet(label)}
        @click=${(event: MouseEvent) =>
          this.act(selectSet(name, event.shiftKey || event.ctrlKey || event.metaKey))}
      >
        <span class="token ellipsis">${label}</span><span class="muted">${count(rows.length)}</span>
      </button>
      ${signButton("×", text.removeSet, () => this.act(removeSet(name)))}
    </span>`;
  }

  private form(): TemplateResult {
    return html`<form class="row" @submit=${this.onSave} @keydown=${this.onKey}>
      <input class="grow" type="text" required maxlength="60" aria-label=${text.setName} placeholder=${text.setName} />
      <button type="submit">${text.save}</button>
    </form>`;
  }

  private async onName(): Promise<void> {
    this.naming = true;
    await this.updateComplete;
    this.input?.focus();
  }

  private onSave(event: Event): void {
    event.preventDefault();
    const { state } = this.store;
    const { theme } = state.passing;
    const onMap = colorsOf(state)?.categories ?? [];
    const used = onMap.flatMap(({ color }) => PALETTES[theme].categories[color ?? -1] ?? []);
    this.act(saveSelection(this.input?.value ?? "", marksUnlike(used, theme)));
    void this.end();
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    void this.end();
  }

  /** Closes the name field and moves the focus back to the button that opened it. */
  private async end(): Promise<void> {
    this.naming = false;
    await this.updateComplete;
    this.opener?.focus();
  }
}
