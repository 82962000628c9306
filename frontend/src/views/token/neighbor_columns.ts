/** Shows the neighbors of a token at the reference step and now, in two columns. */

import { css, html, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { classMap } from "lit/directives/class-map.js";
import type { Neighbor, NeighborChange } from "../../api/contract.gen";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { count, number, short } from "../../util/number_format";
import { PageElement } from "../shared/page_element";
import { rankLinks } from "../shared/rank_links";

type Fate = "gained" | "kept" | "lost";

const SIGNS: Readonly<Record<Fate, string>> = { gained: "+", kept: "", lost: "−" };

/** Fires token-pick and token-hover. */
@customElement("wordembed-neighbor-columns")
export class NeighborColumns extends PageElement {
  static override styles = css`
    .columns {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 28px minmax(0, 1fr);
    }
    svg {
      /* Below the heads of the columns. */
      margin-top: 24px;
    }
    path {
      fill: none;
      stroke: var(--line);
    }
    path.hovered {
      stroke: var(--accent);
      stroke-width: 2;
    }
    .columns > div {
      min-width: 0;
    }
    h4 {
      margin: 4px 0;
      line-height: 16px;
    }
    button {
      display: grid;
      grid-template-columns: 12px minmax(0, 1fr) auto;
      align-items: center;
      gap: 0 2px;
      width: 100%;
      height: 24px;
      padding: 0 4px 0 2px;
      text-align: left;
    }
    .sign {
      font-weight: 700;
    }
    .gained .sign,
    .gained .token {
      color: var(--gained);
    }
    .lost .sign,
    .lost .token {
      color: var(--lost);
    }
    .distance {
      color: var(--muted);
      font-size: var(--small);
    }
    .summary {
      display: flex;
      flex-wrap: wrap;
      justify-content: space-between;
      gap: 0 8px;
      color: var(--muted);
    }
    .summary b {
      color: var(--text);
    }
  `;

  @property({ attribute: false }) change!: NeighborChange;
  @state() private hovered: number | null = null;

  protected override render(): TemplateResult {
    const { before, after, gained, kept, lost, from_step, to_step } = this.change;
    if (!before.length && !after.length) return html`<p class="muted">${text.noNeighbors}</p>`;
    if (from_step === to_step) {
      return html`<p class="muted">${text.atReference}</p>
        ${this.column(to_step, after, () => null)}`;
    }
    const isNew = new Set(gained);
    const isGone = new Set(lost);
    return html`
      <p class="summary">
        <span title=${text.overlapHelp}><b>${text.overlap(kept.length, before.length)}</b></span>
        <span>
          ${SIGNS.gained}${number(gained.length, 0)} ${text.gained},
          ${SIGNS.lost}${number(lost.length, 0)} ${text.lost}
        </span>
      </p>
      <div class="columns">
        ${this.column(from_step, before, ({ index }) => (isGone.has(index) ? "lost" : "kept"))}
        ${rankLinks(before, after, this.hovered)}
        ${this.column(to_step, after, ({ index }) => (isNew.has(index) ? "gained" : "kept"))}
      </div>
    `;
  }

  private column(
    step: number,
    neighbors: readonly Neighbor[],
    fateOf: (neighbor: Neighbor) => Fate | null,
  ): TemplateResult {
    return html`<div>
      <h4>${text.atStep(count(step))}</h4>
      <ol>
        ${neighbors.map((neighbor) => {
          const fate = fateOf(neighbor);
          const label = cleanLabel(neighbor.token);
          const distance = short(neighbor.distance);
          const said = [fate && text[fate], this.ranks(neighbor.index)].filter(Boolean).join(", ");
          return html`<li>
            <button
              class=${classMap({ quiet: true, [fate ?? "plain"]: true })}
              title=${said ? `${label}, ${distance} (${said})` : `${label}, ${distance}`}
              @click=${() => this.tell("token-pick", neighbor.index)}
              @mouseenter=${() => this.tell("token-hover", neighbor.index)}
              @mouseleave=${() => this.tell("token-hover", null)}
            >
              <span class="sign" aria-hidden="true">${fate && SIGNS[fate]}</span>
              <span class="token ellipsis">${label}</span>
              <span class="distance">${distance}</span>
              <span class="visually-hidden">${said}</span>
            </button>
          </li>`;
        })}
      </ol>
    </div>`;
  }

  /** How the place of a kept neighbor changed. */
  private ranks(row: number): string {
    const { before, after, from_step, to_step } = this.change;
    const was = before.findIndex(({ index }) => index === row);
    const now = after.findIndex(({ index }) => index === row);
    return was < 0 || now < 0 || from_step === to_step ? "" : text.rankNow(now + 1, was + 1);
  }

  private tell(name: "token-pick" | "token-hover", row: number | null): void {
    if (name === "token-hover") this.hovered = row;
    this.dispatchEvent(new CustomEvent(name, { detail: row }));
  }
}
