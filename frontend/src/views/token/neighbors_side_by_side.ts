/** Shows the neighbors of several tokens side by side. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import type { Neighbor, NeighborChange } from "../../api/contract.gen";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { short } from "../../util/number_format";
import { PageElement } from "../shared/page_element";

/** A token and its neighbors; null while these are on their way. */
export interface TokenNeighbors {
  readonly row: number;
  readonly label: string;
  /** Which of the palette's marks. */
  readonly mark: number;
  readonly change: NeighborChange | null;
}

type Fate = "gained" | "kept" | "lost";

const SIGNS: Readonly<Record<Fate, string>> = { gained: "+", kept: "=", lost: "−" };

/** Each in few lines. Fires token-pick, token-inspect and token-hover. */
@customElement("wordembed-neighbors-side-by-side")
export class NeighborsSideBySide extends PageElement {
  static override styles = css`
    :host {
      display: grid;
      gap: 12px;
    }
    .head {
      color: var(--muted);
    }
    .inspect {
      display: flex;
      align-items: center;
      gap: 4px;
      min-width: 0;
      height: 24px;
      padding: 0 4px;
      margin-left: -4px;
      color: var(--text);
      font-weight: 600;
    }
    .swatch {
      flex: none;
      width: 10px;
      height: 3px;
      border-radius: 2px;
    }
    .fate {
      display: grid;
      grid-template-columns: 14px minmax(0, 1fr);
    }
    .fate > span {
      font-weight: 700;
      line-height: 22px;
    }
    ul {
      display: flex;
      flex-wrap: wrap;
      gap: 0 2px;
    }
    li {
      max-width: 100%;
    }
    li button {
      max-width: 100%;
      height: 22px;
      padding: 0 4px;
      color: inherit;
    }
    .gained {
      color: var(--gained);
    }
    .lost {
      color: var(--lost);
    }
  `;

  @property({ attribute: false }) tokens: readonly TokenNeighbors[] = [];

  protected override render(): TemplateResult[] {
    return this.tokens.map((token) => this.neighborsOf(token));
  }

  private neighborsOf({ row, label, mark, change }: TokenNeighbors): TemplateResult {
    const name = cleanLabel(label);
    return html`<article aria-label=${name} aria-busy=${change === null}>
      <div class="head spread">
        <button
          class="quiet inspect"
          aria-label=${text.inspectToken(name)}
          title=${text.inspectToken(name)}
          @click=${() => this.tell("token-inspect", row)}>
          <i class="swatch" style=${styleMap({ background: `var(--marks-${mark})` })}></i>
          <span class="token ellipsis">${name}</span>
        </button>
        <span>${change ? summaryOf(change) : `${text.loading}…`}</span>
      </div>
      ${change ? this.fates(change) : nothing}
    </article>`;
  }

  private fates(change: NeighborChange): TemplateResult | TemplateResult[] {
    const { before, after, gained, lost, from_step, to_step } = change;
    if (!before.length && !after.length) return html`<p class="muted">${text.noNeighbors}</p>`;
    const isNew = new Set(from_step === to_step ? [] : gained);
    const isGone = new Set(from_step === to_step ? [] : lost);
    return [
      this.list(
        "kept",
        after.filter(({ index }) => !isNew.has(index)),
      ),
      this.list(
        "gained",
        after.filter(({ index }) => isNew.has(index)),
      ),
      this.list(
        "lost",
        before.filter(({ index }) => isGone.has(index)),
      ),
    ];
  }

  private list(fate: Fate, neighbors: readonly Neighbor[]): TemplateResult {
    if (!neighbors.length) return html``;
    return html`<div class="fate ${fate}">
      <span aria-hidden="true">${SIGNS[fate]}</span>
      <ul aria-label=${text[fate]}>
        ${neighbors.map(({ index, token, distance }) => {
          const label = cleanLabel(token);
          return html`<li>
            <button
              class="quiet token ellipsis"
              title="${label}, ${short(distance)} (${text[fate]})"
              @click=${() => this.tell("token-pick", index)}
              @mouseenter=${() => this.tell("token-hover", index)}
              @mouseleave=${() => this.tell("token-hover", null)}
            >
              ${label}
            </button>
          </li>`;
        })}
      </ul>
    </div>`;
  }

  private tell(name: "token-pick" | "token-inspect" | "token-hover", row: number | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail: row }));
  }
}

function summaryOf({ kept, before, from_step, to_step }: NeighborChange): string {
  if (from_step === to_step || !before.length) return "";
  return text.overlap(kept.length, before.length);
}
