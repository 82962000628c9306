/** Shows the neighbors of the other compared tokens, each token in a few lines. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Neighbor, NeighborChange } from "../../api/contract.gen";
import { type Fate, fatesOf } from "../../selectors/map/neighbor_marks";
import { comparesSteps } from "../../selectors/shared/tokens_in_reference";
import { inspect } from "../../state/actions";
import { inspectedRow, seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { short } from "../../util/number_format";
import { signButton } from "../shared/controls";
import { StateElement } from "../shared/state_element";
import { type MarkedToken, markedTokens, swatch } from "./compared_tokens";
import { tokenButton } from "./token_parts";

const SIGNS: Readonly<Record<Fate, string>> = { gained: "+", kept: "=", lost: "−" };

function sliceOf(state: State) {
  return {
    tokens: markedTokens(state),
    inspected: inspectedRow(state),
    rows: seriesOf(state)?.shown_rows ?? 0,
    byRow: state.slots.comparedNeighbors.value?.byRow,
    failed: state.slots.comparedNeighbors.failure !== null,
  };
}

@customElement("wordembed-neighbors-side-by-side")
export class NeighborsSideBySide extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: grid;
      gap: 12px;
    }
    .inspect {
      gap: 4px;
      min-width: 0;
      height: 24px;
      padding: 0 4px;
      margin-left: -4px;
      color: var(--text);
      font-weight: 600;
    }
    .fate {
      display: grid;
      grid-template-columns: 14px minmax(0, 1fr);
    }
    .fate > span {
      font-weight: 700;
      line-height: 24px;
    }
  `;

  protected override render(): TemplateResult[] {
    const { tokens, inspected, byRow } = this.slice;
    const others = tokens.filter(({ row }) => row !== inspected);
    return others.map((token) => this.neighborsOf(token, byRow?.get(token.row) ?? null));
  }

  private neighborsOf(token: MarkedToken, change: NeighborChange | null): TemplateResult {
    const { row, label } = token;
    const { failed } = this.slice;
    const name = html`${swatch(token)}<span class="token ellipsis" dir="auto">${label}</span>`;
    const waiting = failed ? "" : `${text.loading}…`;
    return html`<article aria-label=${label} aria-busy=${change === null && !failed}>
      <div class="muted spread">
        ${signButton(name, text.inspectToken(label), () => this.act(inspect(row)), { kind: "quiet inspect row" })}
        <span>${change ? summaryOf(change) : waiting}</span>
      </div>
      ${change ? this.fates(change) : nothing}
    </article>`;
  }

  private fates(change: NeighborChange): TemplateResult | (TemplateResult | typeof nothing)[] {
    const { before, after } = change;
    if (!before.length && !after.length) return html`<p class="muted">${text.noNeighbors}</p>`;
    const fates = fatesOf(change);
    const list = (fate: Fate, neighbors: readonly Neighbor[]) => {
      const found = neighbors.filter(({ index }) => fates.get(index) === fate);
      return found.length ? this.list(fate, found) : nothing;
    };
    return [list("kept", after), list("gained", after), list("lost", before)];
  }

  private list(fate: Fate, neighbors: readonly Neighbor[]): TemplateResult {
    const button = ({ index, token, distance }: Neighbor) => {
      const label = cleanLabel(token);
      const title = `${label}, ${short(distance)} (${text[fate]})`;
      const disabled = index >= this.slice.rows;
      return tokenButton(index, { kind: "token ellipsis", title, disabled }, label, this.act);
    };
    return html`<div class="fate ${fate}">
      <span aria-hidden="true">${SIGNS[fate]}</span>
      <ul class="tokens" aria-label=${text[fate]}>${neighbors.map((neighbor) => html`<li>${button(neighbor)}</li>`)}</ul>
    </div>`;
  }
}

function summaryOf(change: NeighborChange): string {
  const { kept, before } = change;
  if (!comparesSteps(change) || !before.length) return "";
  return text.overlap(kept.length, before.length);
}
