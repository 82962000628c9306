import { html, nothing, type TemplateResult } from "lit";
import type { Positions, Quality } from "../api/contract.gen";
import { number } from "../format";
import type { View } from "../state/state";
import { text } from "../strings";

/** What the map shows of the embedding, and how far it can be trusted. */
export function caption(
  positions: Positions | null,
  quality: Quality | null,
  mode: View["mode"],
  stretched: boolean,
): TemplateResult | typeof nothing {
  const shares = variance(positions?.explained_variance_ratio ?? [], mode);
  if (positions === null || shares === null) return nothing;
  const trust = trustIn(quality);
  return html`<div class="caption muted">
    <span title=${text.varianceHelp}>${shares}</span>
    ${stretched ? html`<span title=${text.notToScaleHelp}>· ${text.notToScale}</span>` : nothing}
    ${quality && trust ? html`<div title=${text.qualityHelp(quality.k)}>${trust}</div>` : nothing}
  </div>`;
}

/** What each axis shows, and which way it goes. */
function variance(ratio: readonly (number | null)[], mode: View["mode"]): string | null {
  const shares = ratio.slice(0, mode === "2d" ? 2 : 3);
  const known = shares.filter((share) => share !== null);
  return known.length < shares.length || !known.length ? null : text.variance(known, mode === "2d");
}

function trustIn(quality: Quality | null): string | null {
  if (quality === null) return null;
  const { trustworthiness, continuity, sampled, population } = quality;
  if (trustworthiness === null || continuity === null) return null;
  const sample = sampled < population ? sampled : null;
  return text.quality(number(trustworthiness, 2), number(continuity, 2), sample);
}
