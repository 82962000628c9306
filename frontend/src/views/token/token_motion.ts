/** Shows whether the inspected token moved with its neighbors, and which tokens moved alike. */

import { html, nothing, type TemplateResult } from "lit";
import type { Motion, Similar } from "../../api/contract.gen";
import { referenceIn } from "../../selectors/shared/tokens_in_reference";
import { type Named, spanOf, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { number, percent } from "../../util/number_format";
import type { Act } from "../shared/state_element";
import { tokenButton } from "./token_parts";

const SHOWN = 5;

export function tokenMotion(motion: Motion, shown: Named | null, act: Act): TemplateResult {
  const span = spanOf({ ...motion, alignment: referenceIn(motion) }, shown);
  return html`<h3 class="heading">${text.motion(span)}</h3>
    ${shares(motion)} ${movedAlike(motion, act)}`;
}

function movedAlike({ parallel }: Motion, act: Act): TemplateResult | typeof nothing {
  // Where few tokens moved, the most parallel ones may have moved the other way.
  const alike = parallel.filter(({ cosine }) => cosine > 0).slice(0, SHOWN);
  if (!alike.length) return nothing;
  return html`<div class="alike">
    <h4 id="alike">${text.movedAlike}</h4>
    <ol class="tokens" aria-labelledby="alike">
      ${alike.map((similar) => html`<li>${button(similar, act)}</li>`)}
    </ol>
  </div>`;
}

function button({ index, token, cosine }: Similar, act: Act): TemplateResult {
  const label = cleanLabel(token);
  const shown = number(cosine, 2);
  const title = `${label}, ${text.movedAlikeHelp(shown)}`;
  const content = html`<span class="token ellipsis" dir="auto">${label}</span><span class="muted small">${shown}</span>`;
  return tokenButton(index, { kind: "row", title }, content, act);
}

function shares(motion: Motion): TemplateResult {
  const { shared_share, neighbors } = motion;
  if (shared_share === null) return html`<p class="muted">${text.noMotion}</p>`;
  return html`<p class="muted" title=${text.motionHelp(neighbors, referenceIn(motion) !== null)}>
    ${text.movedWithNeighbors} <b>${percent(shared_share)}</b> · ${text.movedOnItsOwn} <b>${percent(1 - shared_share)}</b>
  </p>`;
}
