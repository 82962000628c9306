/** Shows how the table is compared with that of another run, and which tokens only one of them has. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { selectMany } from "../../selectors/label_priority";
import { inReference, newRows } from "../../selectors/reference";
import { comparisonOf, otherSeriesOf, seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { number } from "../../util/number_format";
import { about } from "../shared/about";
import "../shared/menu";
import { StateElement } from "../shared/state_element";

function sliceOf(state: State) {
  return {
    alignment: state.slots.drift.value?.alignment ?? null,
    comparison: comparisonOf(state),
    dimensions: seriesOf(state)?.embedding_dim ?? 0,
    others: otherSeriesOf(state)?.embedding_dim ?? 0,
    common: inReference(state),
    added: newRows(state),
  };
}

@customElement("wordembed-reference-note")
export class ReferenceNote extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 2px 12px;
      color: var(--muted);
    }
    .how {
      position: relative;
      flex: 1 1 auto;
      justify-content: flex-start;
    }
    .about > .popup {
      left: 0;
      width: auto;
      max-width: none;
    }
    ul {
      max-width: 280px;
      color: var(--text);
    }
  `;

  protected override render(): TemplateResult {
    return html`${this.how()} ${this.added()} ${this.gone()}`;
  }

  /** Says over what the tables are aligned, or why they are not. */
  private how(): TemplateResult | typeof nothing {
    const { alignment, comparison, dimensions, others } = this.slice;
    const isAligned = comparison === "drift";
    if (isAligned && !alignment) return nothing;
    const words = alignment
      ? text.aligned(alignment.common, number(alignment.residual ?? Number.NaN, 2))
      : text.notAligned(others, dimensions);
    const help = isAligned ? text.alignedHelp : text.notAlignedHelp;
    return html`<div class="how spread">
      <span>${words}</span>${about(text.aboutAlignment, html`<p>${help}</p>`)}
    </div>`;
  }

  private added(): TemplateResult | typeof nothing {
    const { added } = this.slice;
    if (!added.length) return nothing;
    return html`<button class="link" title=${text.newTokensHelp} @click=${() => this.act(selectMany(added))}>
      ${text.newTokens(added.length)}
    </button>`;
  }

  private gone(): TemplateResult | typeof nothing {
    const { only_in_reference: tokens = [], count_only_in_reference: all = 0 } =
      this.slice.common ?? {};
    if (!all) return nothing;
    const more = all - tokens.length;
    return html`<wordembed-menu .label=${`${text.goneTokens(all)} ▾`} .name=${text.goneTokensHelp}>
      <ul aria-label=${text.goneTokensHelp}>
        ${tokens.map((token) => html`<li class="token" dir="auto">${cleanLabel(token)}</li>`)}
        ${more > 0 ? html`<li class="muted">${text.moreGone(more)}</li>` : nothing}
      </ul>
    </wordembed-menu>`;
  }
}
