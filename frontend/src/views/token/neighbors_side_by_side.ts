/** Shows the neighbors of the other compared tokens, each token in a few lines. */

import { html, nothing, type TemplateResult } from "lit";
import type { Neighbor, NeighborChange } from "../../api/contract.gen";
import { type Fate, fatesOf } from "../../selectors/map/neighbor_marks";
import { comparesSteps } from "../../selectors/shared/tokens_in_reference";
import { inspect } from "../../state/actions";
import type { Slots } from "../../state/slots";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { short } from "../../util/number_format";
import { signButton } from "../shared/controls";
import type { Act } from "../shared/state_element";
import { type MarkedToken, swatch } from "./compared_tokens";
import { tokenButton } from "./token_parts";

const SIGNS: Readonly<Record<Fate, string>> = { gained: "+", kept: "=", lost: "−" };

/** Shows tokens with their neighbors; only tokens in the first `rows` rows can be selected. */
export function neighborsSideBySide(
  tokens: readonly MarkedToken[],
  { value, failure, pending }: Slots["comparedNeighbors"],
  rows: number,
  act: Act,
): TemplateResult {
  const one = (token: MarkedToken) => {
    const { row, label } = token;
    const change = value?.byRow.get(row) ?? null;
    const name = html`${swatch(token)}<span class="token ellipsis" dir="auto">${label}</span>`;
    const waiting = failure ? "" : `${text.loading}…`;
    return html`<article aria-label=${label} aria-busy=${change === null && !failure}>
      <div class="muted spread">
        ${signButton(name, text.inspectToken(label), () => act(inspect(row)), { kind: "quiet inspect row" })}
        <span>${change ? summaryOf(change) : waiting}</span>
      </div>
      ${change ? neighborsByFate(change, rows, act) : nothing}
    </article>`;
  };
  return html`<section class="dims" aria-busy=${pending !== null}>
    <h3>${text.otherNeighbors}</h3>
    ${failure ? html`<p class="problem" role="alert">${text.failed(text.otherNeighbors)}: ${failure.message}</p>` : nothing}
    <div class="others">${tokens.map(one)}</div>
  </section>`;
}

function neighborsByFate(change: NeighborChange, rows: number, act: Act) {
  const { before, after } = change;
  if (!before.length && !after.length) return html`<p class="muted">${text.noNeighbors}</p>`;
  const fates = fatesOf(change);
  const button = ({ index, token, distance }: Neighbor, fate: Fate) => {
    const label = cleanLabel(token);
    const title = `${label}, ${short(distance)} (${text[fate]})`;
    return tokenButton(
      index,
      { kind: "token ellipsis", title, disabled: index >= rows },
      label,
      act,
    );
  };
  const list = (fate: Fate, neighbors: readonly Neighbor[]) => {
    const found = neighbors.filter(({ index }) => fates.get(index) === fate);
    if (!found.length) return nothing;
    return html`<div class="fate ${fate}">
      <span aria-hidden="true">${SIGNS[fate]}</span>
      <ul class="tokens" aria-label=${text[fate]}>${found.map((one) => html`<li>${button(one, fate)}</li>`)}</ul>
    </div>`;
  };
  return [list("kept", after), list("gained", after), list("lost", before)];
}

function summaryOf(change: NeighborChange): string {
  const { kept, before } = change;
  if (!comparesSteps(change) || !before.length) return "";
  return text.overlap(kept.length, before.length);
}
