/** Shows a card about the point under the pointer. */

import { html, nothing, type TemplateResult } from "lit";
import type { Point } from "../../scatter/scatter";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { cardPlace } from "./card_place";
import { colorName, valueText } from "./color_legend";
import type { MapSlice } from "./map_slice";

export function hoverCard(slice: MapSlice): TemplateResult | typeof nothing {
  const { hovered, labels, colors, frequency, sets } = slice;
  if (hovered === null) return nothing;
  const times = frequency?.[hovered];
  return html`<div class="card" hidden aria-hidden="true">
    <b class="ellipsis token">${cleanLabel(labels[hovered] ?? `#${hovered}`)}</b>
    ${colors ? html`<span>${colorName(colors)} ${valueText(colors, hovered)}</span>` : nothing}
    ${typeof times === "number" ? html`<span>${text.timesSeen(times)}</span>` : nothing}
    ${sets
      .filter(({ rows }) => rows.includes(hovered))
      .map(
        ({ name, color }) => html`<span class="set ellipsis">
          <i class="dot" style="background: var(--marks-${color})"></i>${cleanLabel(name)}
        </span>`,
      )}
  </div>`;
}

/** Moves the card to its point; called on each frame, as points move without a change of state. */
export function placeCard(card: HTMLElement, host: HTMLElement, at: Point | null): void {
  card.hidden = false;
  const size = { width: card.offsetWidth, height: card.offsetHeight };
  const view = { width: host.clientWidth, height: host.clientHeight };
  const place = at ? cardPlace(at, size, view) : null;
  card.hidden = place === null;
  if (place) Object.assign(card.style, { left: `${place.left}px`, top: `${place.top}px` });
}
