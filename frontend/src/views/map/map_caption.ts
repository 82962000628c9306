/** Writes the caption of the map: what the map shows and how reliable it is. */

import { html, nothing, type TemplateResult } from "lit";
import type { Positions, Quality } from "../../api/contract.gen";
import { CHANGE, sharesOf } from "../../selectors/map/map_layout";
import { stepName, text } from "../../strings";
import { count, number, stepText } from "../../util/number_format";
import { about } from "../shared/info_button";
import type { MapSlice } from "./map_slice";

/** A line about the map in the terms of the field, with an explanation. */
export interface CaptionLine {
  readonly words: string;
  readonly help: string;
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

/**
 * Returns the caption beside the map's controls: one line in plain words. The terms of the field are
 * behind its ⓘ.
 */
export function caption(slice: MapSlice, stretched: boolean): TemplateResult | typeof nothing {
  const { isOld, judged, labels, positions, presenting, previewed, quality, there } = slice;
  const lines = captionLines(positions, quality, stretched, isOld);
  if (positions === null || !lines.length) return nothing;
  const known = [inWords(positions), neighborsInWords(quality, judged)].filter(Boolean);
  if (presenting && !isOld) {
    const said = text.presented(count(labels.length), stepText(positions.step), known.join("; "));
    return html`<p class="caption told">${said}</p>`;
  }
  const words = isOld ? text.oldLayout(lines[0]?.words ?? "") : known.join(" · ");
  if (there) return captionThere(there, positions);
  const preview = previewed === null ? "" : text.previewed(stepText(previewed));
  return html`<div class="caption muted">
    ${preview ? html`<span class="strong" title=${text.previewedHelp}>${preview}</span>` : nothing}
    <span class=${isOld ? "strong" : ""} title=${isOld ? text.oldLayoutHelp : ""}>${words}</span>
    ${about(
      text.aboutMap,
      html`${lines.map(({ words, help }) => html`<h3>${words}</h3><p>${help}</p>`)}`,
    )}
  </div>`;
}

/** Says that the points are where the tokens are in another run. */
function captionThere(there: Positions, own: Positions): TemplateResult {
  const words = stepName(there.step, there, own);
  return html`<div class="caption muted">
    <span class="strong">${words}</span>
    ${about(text.aboutMap, html`<p>${text.thereHelp}</p>`)}
  </div>`;
}

function inWords(positions: Positions): string {
  const { layout, expressions } = positions;
  const free = expressions.findIndex((expression) => !expression.trim());
  if (free >= 0) return text.inWords.oneAxis(free);
  if (layout !== "pca") return text.inWords[layout];
  const sum = sharesOf(positions).reduce((all, { share }) => all + (share ?? Number.NaN), 0);
  const shown = Number.isFinite(sum) ? [text.differencesShown(sum)] : [];
  return [...shown, ...changeIn(positions)].join(" · ");
}

/** Says which axis shows the component of change, if one does. */
function changeIn({ components }: Positions): string[] {
  const axis = components.indexOf(CHANGE);
  return axis < 0 ? [] : [text.changeAlong(axis)];
}

/** Says how far neighbors on the map can be trusted, or how much of that is measured. */
function neighborsInWords(quality: Quality | null, judged: number | null): string {
  if (judged !== null) return text.judging(judged);
  const trust = quality?.trustworthiness ?? null;
  return trust === null ? "" : text.neighborsAre(trust);
}

/** Returns the line that says how much of the table's variance the axes show. */
function shownBy(positions: Positions, alone: boolean): CaptionLine | null {
  const { layout, components_by_rule: byRule, expressions } = positions;
  if (layout === "tsne") {
    const all = positions.positions.length / 2;
    return { words: text.laidOut(positions.laid_out, all), help: text.laidOutHelp };
  }
  if (layout === "axes" && !alone) {
    return { words: text.cosines(expressions), help: text.alongAxesHelp };
  }
  if (layout === "axes") return { words: text.alongAxes(expressions), help: text.alongAxesHelp };
  const shares = sharesOf(positions);
  const known = shares.flatMap(({ share, ...of }) => (share === null ? [] : [{ ...of, share }]));
  const isKnown = known.length > 0 && known.length === shares.length;
  const variance = alone ? text.variance(known) : text.varianceOf(known.map(({ share }) => share));
  const change = changeIn(positions);
  const words = [...(isKnown ? [variance] : []), ...change].join(" · ");
  if (!words) return null;
  const chosen = byRule.includes(CHANGE) ? ` ${text.changeByRule}` : "";
  const more = change.length ? [`${text.changeHelp}${chosen}`] : [];
  return { words, help: [...(isKnown ? [text.varianceHelp] : []), ...more].join(" ") };
}

function trustIn(quality: Quality | null): string | null {
  if (quality === null) return null;
  const { trustworthiness, continuity, sampled, population } = quality;
  if (trustworthiness === null || continuity === null) return null;
  const sample = sampled < population ? sampled : null;
  return text.quality(number(trustworthiness, 2), number(continuity, 2), sample);
}
