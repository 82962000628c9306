/** Shows the controls that choose the layout and what the axes of the map show. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import "../shared/menu";
import type { LayoutName } from "../../api/contract.gen";
import { labelPriority } from "../../selectors/map/label_priority";
import { componentsToChoose, layoutFailure } from "../../selectors/map/map_layout";
import { layoutOf, modeOf } from "../../selectors/shared/asked_layout";
import { labelsOf } from "../../selectors/shared/row_labels";
import { patchView } from "../../state/actions";
import { componentsOf } from "../../state/current";
import {
  cancelLayout,
  chooseComponent,
  chooseExpression,
  chooseLayout,
} from "../../state/map_actions";
import type { State } from "../../state/state";
import type { View } from "../../state/view";
import { text } from "../../strings";
import { completed } from "../../util/token_expression";
import { copyText } from "../shared/clipboard";
import { dropdown, progressBar, segments } from "../shared/controls";
import { NONE, StateElement } from "../shared/state_element";

const LAYOUTS: readonly LayoutName[] = ["pca", "axes", "tsne"];
const AXES = [0, 1, 2] as const;
const MOST_COMPLETIONS = 8;
const INSTALL = 'pip install "tb_wordembed[layout]"';

function sliceOf(current: State) {
  const { view, slots } = current;
  const { positions } = slots;
  return {
    chosen: view.layout,
    /** The layouts that the server can compute; undefined until it said so. */
    installed: slots.index.value?.layouts,
    shown: layoutOf(current),
    mode: modeOf(current),
    chosenMode: view.mode,
    components: componentsOf(current),
    expressions: view.expressions,
    /** As text: another list of the same numbers is no change. */
    toChoose: componentsToChoose(current).join("."),
    ratio: positions.value?.explained_variance_ratio ?? NONE,
    savedPage: current.savedPage !== null,
    job: positions.pending === null ? null : (positions.job ?? null),
    failure: layoutFailure(current),
    labels: labelsOf(current),
    priority: labelPriority(current),
  };
}

@customElement("wordembed-layout-chooser")
export class LayoutChooser extends StateElement(sliceOf) {
  static override styles = css`
    .row {
      flex-wrap: wrap;
      gap: 4px 8px;
    }
    select,
    input,
    button {
      height: 26px;
    }
    /* A select is as wide as what it shows, where the browser can do that. */
    select {
      field-sizing: content;
    }
    label {
      gap: 4px;
      color: var(--muted);
    }
    /* On a narrow map, as beside the Projector, the line of the caption needs the room. */
    @container (max-width: 700px) {
      .name {
        display: none;
      }
    }
    /* Elsewhere it is as wide as its longest choice. */
    @supports not (field-sizing: content) {
      @container (max-width: 580px) {
        .row > label > select {
          max-width: 112px;
        }
      }
    }
    .message {
      max-width: min(64ch, 100%);
      margin-top: 4px;
      overflow-wrap: anywhere;
    }
    .message.row {
      max-width: none;
    }
  `;

  /** The expression that is being written, by its axis, and what may complete it. */
  @state() private drafts: Readonly<Record<number, string>> = {};
  @state() private completions: readonly string[] = [];
  @state() private copied = false;

  protected override render(): TemplateResult {
    const { chosen, savedPage } = this.slice;
    return html`
      <div class="row">
        <label>
          <span class="name">${text.layout}</span>
          ${dropdown(
            LAYOUTS.map((name) => {
              const can = this.can(name);
              const why = savedPage ? text.notInPageOption : text.notInstalled;
              return [name, can ? text.layouts[name] : why(text.layouts[name]), !can];
            }),
            chosen,
            (name) => this.act(chooseLayout(name as LayoutName)),
            { label: text.layout, title: text.layoutHelp[chosen] },
          )}
        </label>
        ${savedPage || this.can("tsne") ? nothing : this.install()} ${this.modes()} ${chosen === "pca" ? this.components() : nothing}
        ${chosen === "axes" ? this.expressions() : nothing}
        <datalist id="tokens">
          ${this.completions.map((one) => html`<option value=${one}></option>`)}
        </datalist>
      </div>
      ${this.message()}
    `;
  }

  private can(layout: LayoutName): boolean {
    return this.slice.installed?.includes(layout) ?? true;
  }

  private install(): TemplateResult {
    return html`<wordembed-menu .label=${"?"} name=${text.notInstalled(text.layouts.tsne)}>
      <p>${text.installHelp}</p>
      <div class="row">
        <code>${INSTALL}</code>
        <button @click=${() => this.copy()}>${this.copied ? text.copied : text.copy}</button>
      </div>
    </wordembed-menu>`;
  }

  private async copy(): Promise<void> {
    await copyText(INSTALL);
    this.copied = true;
  }

  private modes(): TemplateResult {
    const { chosen, mode } = this.slice;
    return segments<View["mode"]>(
      [
        ["2d", text.mode2d],
        ["3d", text.mode3d, "", chosen === "tsne"],
      ],
      mode,
      (name) => this.act(patchView({ mode: name })),
      text.projection,
    );
  }

  private components(): TemplateResult[] {
    const { components, toChoose, ratio } = this.slice;
    const options = toChoose.split(".").map((number): [string, string] => {
      const component = Number(number);
      return [number, text.component(component, ratio[component - 1] ?? null)];
    });
    return this.axes().map(
      (axis) => html`<label title=${text.axisHelp[axis]}>
        ${text.axis[axis]}
        ${dropdown(
          options,
          String(components[axis]),
          (component) => this.act(chooseComponent(axis, Number(component))),
          { label: text.axisHelp[axis] },
        )}
      </label>`,
    );
  }

  private expressions(): TemplateResult[] {
    const { expressions } = this.slice;
    return this.axes().map(
      (axis) => html`<label>
        ${text.axis[axis]}
        <input
          aria-label=${text.axisHelp[axis]}
          title=${text.expressionHelp}
          placeholder=${this.hint(axis)}
          list="tokens"
          style="width: ${widthOf(this.drafts[axis] ?? expressions[axis])}"
          aria-invalid=${this.failedAxis === axis}
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          .value=${live(this.drafts[axis] ?? expressions[axis])}
          @input=${(event: Event) => this.onInput(axis, valueIn(event))}
          @change=${(event: Event) => {
            this.drafts = {};
            this.act(chooseExpression(axis, valueIn(event).trim()));
          }}
        />
      </label>`,
    );
  }

  private onInput(axis: number, expression: string): void {
    this.drafts = { [axis]: expression };
    const { labels, priority } = this.slice;
    const tokens = priority ? inOrder(labels, priority) : labels;
    this.completions = completed(expression, tokens, MOST_COMPLETIONS);
  }

  /** Returns what an empty field means: an example, or what it shows beside a named axis. */
  private hint(axis: 0 | 1 | 2): string {
    const [x, y] = this.slice.expressions;
    return axis < 2 && (x.trim() || y.trim()) ? text.orthogonalHint : text.expressionHint[axis];
  }

  private axes(): readonly (0 | 1 | 2)[] {
    return this.slice.chosenMode === "2d" ? AXES.slice(0, 2) : AXES;
  }

  /** Cancels a layout; the focus moves to the layout chooser, as the button disappears. */
  private giveUp(id: string): void {
    this.act(cancelLayout(id));
    this.renderRoot.querySelector("select")?.focus();
  }

  private get failedAxis(): number | null {
    const [, name] = /\b([xyz]): /.exec(this.slice.failure?.message ?? "") ?? [];
    return name === undefined ? null : "xyz".indexOf(name);
  }

  private message(): TemplateResult | typeof nothing {
    const { chosen, chosenMode, failure, job, mode, shown } = this.slice;
    if (failure) {
      return html`<div class="message problem" role="alert">${inWords(failure.message)}</div>`;
    }
    if (job) {
      return html`<div class="message row" role="status">
        ${progressBar(job.progress, text.layingOut)}
        <span>${text.layingOutAt(job.progress, job.message)}</span>
        <button @click=${() => this.giveUp(job.id)}>${text.cancel}</button>
      </div>`;
    }
    if (chosen !== shown) return html`<div class="message">${text.axesNeeded}</div>`;
    if (chosen === "axes" && chosenMode !== mode)
      return html`<div class="message">${text.thirdAxisNeeded}</div>`;
    return nothing;
  }
}

function* inOrder(labels: readonly string[], order: Uint32Array): Generator<string> {
  for (const row of order) yield labels[row] ?? "";
}

/** Returns how wide a field is: as its text, with room for the arrow of the completions. */
function widthOf(expression: string): string {
  return `${Math.min(Math.max(expression.length, 11), 48) + 5}ch`;
}

/** Returns an error without the name of the axis, whose field is marked anyway. */
function inWords(message: string): string {
  const words = message.replace(/^.*?\b[xyz]: /s, "");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function valueIn(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value;
}
