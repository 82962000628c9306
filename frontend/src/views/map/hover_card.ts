/** Shows a card about the point under the pointer, or about the region whose name is there. */

import { html, nothing, type TemplateResult } from "lit";
import type { Region } from "../../density_and_regions/regions";
import type { Point, Size } from "../../scatter/geometry";
import { imagesOf } from "../../selectors/shared/row_images";
import { stepName, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { thumbnail } from "../shared/thumbnail";
import { colorName, valueText } from "./color_legend";
import { nameOf } from "./map_fields";
import type { MapSlice } from "./map_slice";

/** The distance between a point and its card, in CSS pixels. */
const GAP = 12;

export function hoverCard(slice: MapSlice): TemplateResult | typeof nothing {
  const { hovered, images, labels, colors, frequency, sets } = slice;
  if (hovered === null) return nothing;
  const times = frequency?.[hovered];
  return html`<div class="card" hidden aria-hidden="true">
    <b class="token" dir="auto">${cleanLabel(labels[hovered] ?? `#${hovered}`)}</b>
    ${imagesOf(images, hovered).slice(0, 1).map(thumbnail)}
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
  if (!place) return;
  const [left, top] = [host.offsetLeft + place.left, host.offsetTop + place.top];
  Object.assign(card.style, { left: `${left}px`, top: `${top}px` });
}

/**
 * Returns the position of a card: right of the point and below, or on the other side if the card
 * would leave the view there. Returns null if the point itself is out of view.
 */
export function cardPlace(at: Point, card: Size, view: Size): { left: number; top: number } | null {
  if (at.x < 0 || at.y < 0 || at.x > view.width || at.y > view.height) return null;
  const along = (from: number, length: number, room: number) => {
    const after = from + GAP;
    const place = after + length > room ? from - GAP - length : after;
    return Math.round(Math.max(0, Math.min(place, room - length)));
  };
  return { left: along(at.x, card.width, view.width), top: along(at.y, card.height, view.height) };
}

const MOST_NAMED = 4;

export function regionCard(
  region: Region | null,
  { labels, positions, reference, there }: MapSlice,
): TemplateResult | typeof nothing {
  if (region === null) return nothing;
  const { came, left, members, moved, names } = region;
  const before = there ? positions : reference;
  const since = before ? stepName(before.step, before, positions) : "";
  return html`<div class="card" hidden aria-hidden="true">
    <b dir="auto">${nameOf(names, labels)}</b>
    <span>${text.tokensThere(members.length)}</span>
    ${came?.length ? tokens(text.cameSince(came.length, since), came, labels) : nothing}
    ${left?.length ? tokens(text.leftSince(left.length), left, labels) : nothing}
    ${moved === null ? nothing : html`<span>${text.regionMoved(moved)}</span>`}
    <span>${text.regionHelp}</span>
  </div>`;
}

function tokens(words: string, rows: Uint32Array, labels: readonly string[]): TemplateResult {
  const named = [...rows.slice(0, MOST_NAMED)].map((row) => cleanLabel(labels[row] ?? `#${row}`));
  const more = rows.length - named.length;
  return html`<span class="ellipsis">
    ${words}: ${named.join(", ")}${more > 0 ? ` ${text.andMore(more)}` : ""}
  </span>`;
}
