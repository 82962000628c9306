/** Shows whether the inspected token moved with its neighbors, and which tokens moved alike. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Motion, Similar } from "../../api/contract.gen";
import { otherSeriesOf, seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { seriesName, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { number, percent, stepText } from "../../util/number_format";
import { StateElement } from "../shared/state_element";
import { tokenButton } from "./token_button";

const SHOWN = 5;

function sliceOf(state: State) {
  const { slots } = state;
  return { motion: slots.motion.value, series: seriesOf(state), other: otherSeriesOf(state) };
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
    const { motion, other, series } = this.slice;
    if (!motion) return nothing;
    const [from, to] = [motion.from_step, motion.to_step].map(stepText);
    // Why a token moved is known of the steps of one run only.
    const run = other && series ? seriesName(series, other) : "";
    return html`<h3>${text.motion(from ?? "", to ?? "", run)}</h3>
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

function shares({ shared_share, neighbors }: Motion): TemplateResult {
  if (shared_share === null) return html`<p class="muted">${text.noMotion}</p>`;
  return html`<p class="muted" title=${text.motionHelp(neighbors)}>
    ${text.movedWithNeighbors} <b>${percent(shared_share)}</b> · ${text.movedOnItsOwn} <b>${percent(1 - shared_share)}</b>
  </p>`;
}
