/** Shows whether the inspected token moved with its neighbors, and which tokens moved alike. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Motion, Similar } from "../../api/contract.gen";
import { referenceIn } from "../../selectors/shared/tokens_in_reference";
import { seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { spanOf, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { number, percent } from "../../util/number_format";
import { StateElement } from "../shared/state_element";
import { tokenButton } from "./token_button";

const SHOWN = 5;

function sliceOf(state: State) {
  const { slots } = state;
  return { motion: slots.motion.value, series: seriesOf(state) };
}

@customElement("wordembed-token-motion")
export class TokenMotion extends StateElement(sliceOf) {
  static override styles = css`
    h3 {
      min-height: 20px;
      margin-bottom: 4px;
    }
    b {
      color: var(--text);
      white-space: nowrap;
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
    .row {
      gap: 4px;
      max-width: 100%;
      height: 24px;
      padding: 0 4px;
    }
  `;

  protected override render(): TemplateResult | typeof nothing {
    const { motion, series } = this.slice;
    if (!motion) return nothing;
    const span = spanOf({ ...motion, alignment: referenceIn(motion) }, series);
    return html`<h3>${text.motion(span)}</h3>
      ${shares(motion)} ${this.alike(motion)}`;
  }

  private alike({ parallel }: Motion): TemplateResult | typeof nothing {
    // Where few tokens moved, the most parallel ones may have moved the other way.
    const alike = parallel.filter(({ cosine }) => cosine > 0).slice(0, SHOWN);
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
    const title = `${label}, ${text.movedAlikeHelp(shown)}`;
    const content = html`<span class="token ellipsis" dir="auto">${label}</span><span class="muted small">${shown}</span>`;
    return tokenButton(index, { kind: "row", title }, content, this.act);
  }
}

function shares(motion: Motion): TemplateResult {
  const { shared_share, neighbors } = motion;
  if (shared_share === null) return html`<p class="muted">${text.noMotion}</p>`;
  return html`<p class="muted" title=${text.motionHelp(neighbors, referenceIn(motion) !== null)}>
    ${text.movedWithNeighbors} <b>${percent(shared_share)}</b> · ${text.movedOnItsOwn} <b>${percent(1 - shared_share)}</b>
  </p>`;
}
