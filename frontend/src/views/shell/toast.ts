/** Says for a few seconds what was done, below the top bar. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { keyed } from "lit/directives/keyed.js";
import { patchPassing } from "../../state/actions";
import { seriesOf, stepOf } from "../../state/current";
import { compareAgain } from "../../state/finding_actions";
import { leftOutOfLink } from "../../state/link/link_entries";
import type { State } from "../../state/state";
import type { View } from "../../state/view";
import { stepName, text } from "../../strings";
import { stepText } from "../../util/number_format";
import { copyText } from "../shared/clipboard";
import { StateElement } from "../shared/state_element";

function sliceOf(state: State) {
  const { view, passing } = state;
  return { toast: passing.toast, view, series: seriesOf(state), step: stepOf(state) };
}

@customElement("wordembed-toast")
export class ToastElement extends StateElement(sliceOf) {
  static override styles = css`
    .popup {
      top: calc(100% + 8px);
      right: 12px;
      display: flex;
      flex-wrap: wrap;
      gap: 4px 12px;
      max-width: min(440px, calc(100vw - 24px));
      padding: 8px 12px;
    }
    /* The time that it stays; nothing moves. */
    .copied {
      animation: leave 8s step-end !important;
    }
    .copied:is(:hover, :focus-within) {
      animation-play-state: paused !important;
    }
    @keyframes leave {
      to {
        opacity: 0;
      }
    }
  `;

  @property({ attribute: false }) link!: (fields?: Partial<View>) => string;

  protected override render(): TemplateResult {
    const { toast } = this.slice;
    return html`<div role="status">
      ${keyed(toast, toast ? html`<div class="popup ${toast.kind}" @animationend=${this.leave}>${this.content(toast)}</div>` : nothing)}
    </div>`;
  }

  private readonly leave = () => this.act(patchPassing({ toast: null }));

  private content(toast: NonNullable<State["passing"]["toast"]>): TemplateResult {
    if (toast.kind === "steps") {
      // TensorBoard covers the page until it has reloaded its data, too, so this stays until it is read.
      return html`<span>${text.newSteps(toast.steps)}</span>
        <button class="link" @click=${this.leave}>${text.dismiss}</button>`;
    }
    const { series, step, view } = this.slice;
    if (toast.kind === "left") {
      return html`<span>${text.leftComparison(stepName(toast.step, toast.of, series))}</span>
        <button class="link" @click=${() => this.act(compareAgain)}>${text.compareAgain}</button>
        <button class="link" @click=${this.leave}>${text.dismiss}</button>`;
    }
    const leftOut = leftOutOfLink(view).map((part) => text.linkParts[part] ?? part);
    const follows = view.step === null && toast.step === null && step !== null;
    return html`
      <span>
        ${toast.step === null ? text.linkCopied : text.linkCopiedOf(stepText(toast.step))}
        ${leftOut.length ? text.linkWithout(leftOut) : nothing}
        ${follows ? text.linkFollows : nothing}
      </span>
      ${
        follows
          ? html`<button class="link" @click=${() => this.pin(step)}>
              ${text.pinStep(stepText(step))}
            </button>`
          : nothing
      }
    `;
  }

  private async pin(step: number): Promise<void> {
    await copyText(this.link({ step }));
    this.act(patchPassing({ toast: { kind: "copied", step } }));
  }
}
