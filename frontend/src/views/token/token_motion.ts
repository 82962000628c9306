/** Shows whether a token moved with its neighbors, and what moved like it. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Motion, Similar } from "../../api/contract.gen";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { count, number } from "../../util/number_format";
import { PageElement } from "../shared/page_element";

const SHOWN = 5;

/** Fires token-pick and token-hover. */
@customElement("wordembed-token-motion")
export class TokenMotion extends PageElement {
  static override styles = css`
    h3 {
      min-height: 20px;
      margin-bottom: 4px;
    }
    p {
      color: var(--muted);
    }
    b {
      color: var(--text);
    }
    .alike {
      display: grid;
      grid-template-columns: auto minmax(0, 1fr);
      gap: 4px;
      margin-top: 4px;
    }
    ol {
      display: flex;
      flex-wrap: wrap;
    }
    li {
      max-width: 100%;
    }
    h4 {
      line-height: 24px;
    }
    button {
      display: flex;
      align-items: center;
      gap: 4px;
      max-width: 100%;
      height: 24px;
      padding: 0 4px;
    }
    .cosine {
      color: var(--muted);
      font-size: var(--small);
    }
  `;

  @property({ attribute: false }) motion!: Motion;

  protected override render(): TemplateResult {
    const { from_step, to_step } = this.motion;
    return html`<h3>${text.motion(count(from_step), count(to_step))}</h3>
      ${this.shares()} ${this.alike()}`;
  }

  private shares(): TemplateResult {
    const { shared_share, neighbors } = this.motion;
    if (shared_share === null) return html`<p>${text.noMotion}</p>`;
    const percent = Math.round(100 * shared_share);
    return html`<p title=${text.motionHelp(neighbors)}>
      ${text.movedWithNeighbors} <b>${percent} %</b> · ${text.movedOnItsOwn} <b>${100 - percent} %</b>
    </p>`;
  }

  private alike(): TemplateResult | typeof nothing {
    // Where few tokens moved, the most parallel ones may have moved the other way.
    const alike = this.motion.parallel.filter(({ cosine }) => cosine > 0).slice(0, SHOWN);
    if (!alike.length) return nothing;
    return html`<div class="alike">
      <h4 id="alike">${text.movedAlike}</h4>
      <ol aria-labelledby="alike">
        ${alike.map((similar) => html`<li>${this.button(similar)}</li>`)}
      </ol>
    </div>`;
  }

  private button({ index, token, cosine }: Similar): TemplateResult {
    const label = cleanLabel(token);
    const shown = number(cosine, 2);
    return html`<button
      class="quiet"
      title="${label}, ${text.movedAlikeHelp(shown)}"
      @click=${() => this.tell("token-pick", index)}
      @mouseenter=${() => this.tell("token-hover", index)}
      @mouseleave=${() => this.tell("token-hover", null)}
    >
      <span class="token ellipsis">${label}</span><span class="cosine">${shown}</span>
    </button>`;
  }

  private tell(name: "token-pick" | "token-hover", row: number | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail: row }));
  }
}
