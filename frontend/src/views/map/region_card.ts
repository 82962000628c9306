/** Shows a card about the region whose name is under the pointer. */

import { html, nothing, type TemplateResult } from "lit";
import type { Region } from "../../density_and_regions/regions";
import { stepName, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { nameOf } from "./map_fields";
import type { MapSlice } from "./map_slice";

/** The most tokens that are named in a line. */
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
