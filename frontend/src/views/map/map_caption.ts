/** Writes the caption of the map: what the map shows and how reliable it is. */

import { html, nothing, type TemplateResult } from "lit";
import type { Positions, Quality } from "../../api/contract.gen";
import { text } from "../../strings";
import { number, stepText } from "../../util/number_format";

/** A line of the caption, with an explanation. */
export interface CaptionLine {
  readonly words: string;
  readonly help: string;
  /** Whether the line is a warning, which stands out. */
  readonly strong?: true;
}

/**
 * Returns the lines that say what the map shows of the embedding and how reliable it is.
 *
 * @param alone whether the lines must name the axes, as in an image of the map
 */
export function captionLines(
  positions: Positions | null,
  quality: Quality | null,
  stretched: boolean,
  alone = false,
): CaptionLine[] {
  if (positions === null) return [];
  const lines: CaptionLine[] = [];
  const shown = shownBy(positions, alone);
  const scale = stretched ? [text.notToScale] : [];
  const words = [...(shown ? [shown.words] : []), ...scale].join(" · ");
  const help = [...(shown ? [shown.help] : []), ...(stretched ? [text.notToScaleHelp] : [])];
  if (words) lines.push({ words, help: help.join(" ") });
  const trust = trustIn(quality);
  if (trust !== null && quality) lines.push({ words: trust, help: text.qualityHelp(quality.k) });
  return lines;
}

export function caption(lines: readonly CaptionLine[]): TemplateResult | typeof nothing {
  if (!lines.length) return nothing;
  return html`<div class="caption muted">
    ${lines.map(
      ({ words, help, strong }) =>
        html`<div class=${strong ? "strong" : ""} title=${help}>${words}</div>`,
    )}
  </div>`;
}

/** Returns the line for a step that the map shows while the pointer is on it in a chart. */
export function previewLine(step: number): CaptionLine {
  return { words: text.previewed(stepText(step)), help: text.previewedHelp, strong: true };
}

/** Returns the line for a map whose quality is still being measured, which can take a while. */
export function judgingLine(progress: number): CaptionLine {
  return { words: text.judging(progress), help: text.judgingHelp };
}

/** Returns the line that says how much of the table's variance the axes show. */
function shownBy(positions: Positions, alone: boolean): CaptionLine | null {
  const { layout, components, explained_variance_ratio: ratio, expressions } = positions;
  if (layout === "tsne") {
    const all = positions.positions.length / 2;
    return { words: text.laidOut(positions.laid_out, all), help: text.laidOutHelp };
  }
  if (layout === "axes" && !alone) return { words: text.cosines, help: text.alongAxesHelp };
  if (layout === "axes") return { words: text.alongAxes(expressions), help: text.alongAxesHelp };
  const shares = components.map((component) => ratio[component - 1] ?? null);
  const known = shares.filter((share) => share !== null);
  if (!known.length || known.length < shares.length) return null;
  const words = alone ? text.variance(components, known) : text.varianceOf(known);
  return { words, help: text.varianceHelp };
}

function trustIn(quality: Quality | null): string | null {
  if (quality === null) return null;
  const { trustworthiness, continuity, sampled, population } = quality;
  if (trustworthiness === null || continuity === null) return null;
  const sample = sampled < population ? sampled : null;
  return text.quality(number(trustworthiness, 2), number(continuity, 2), sample);
}
