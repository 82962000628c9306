/** Writes the caption of the map: what the map shows and how reliable it is. */

import { html, nothing, type TemplateResult } from "lit";
import type { Positions, Quality } from "../../api/contract.gen";
import { CHANGE, sharesOf } from "../../selectors/map/map_layout";
import { stepName, text } from "../../strings";
import { count, number, stepText } from "../../util/number_format";
import { about } from "../shared/controls";
import type { MapSlice } from "./map_slice";

/** What can be said about the map in the terms of the field, with an explanation. */
interface Fact {
  readonly words: string;
  readonly help: string;
}

/**
 * Returns the lines that say what the map shows of the embedding and how reliable it is; those that
 * stand alone, as in an image of the map, also name the axes.
 */
export function captionLines(
  positions: Positions | null,
  quality: Quality | null,
  stretched: boolean,
  alone = false,
): string[] {
  const lines = [shownIn(positions, stretched, alone), positions ? trustIn(quality) : []];
  return lines
    .filter((line) => line.length)
    .map((line) => line.map(({ words }) => words).join(" · "));
}

/**
 * Returns the caption beside the map's controls: one line in plain words. The terms of the field are
 * behind its ⓘ.
 */
export function caption(slice: MapSlice, stretched: boolean): TemplateResult | typeof nothing {
  const { first, isOld, judged, labels, positions, presenting, previewed, quality, there } = slice;
  const facts = shownIn(positions, stretched, isOld);
  const trust = trustIn(quality);
  if (positions === null || !(facts.length + trust.length)) return nothing;
  const known = [
    inWords(positions, isAtFirst(first, positions)),
    neighborsInWords(quality, judged),
  ].filter(Boolean);
  if (presenting && !isOld) {
    const said = text.presented(count(labels.length), stepText(positions.step), known.join("; "));
    return html`<p class="caption told">${said}</p>`;
  }
  const words = isOld
    ? text.oldLayout(facts.map((fact) => fact.words).join(" · "))
    : known.join(" · ");
  const isIntroduced = !isOld && positions.layout === "pca";
  if (there) {
    return html`<div class="caption muted">
      <span class="strong">${stepName(there.step, there, positions)}</span>
      ${about(text.aboutMap, html`<p>${text.thereHelp}</p>`)}
    </div>`;
  }
  const preview = previewed === null ? "" : text.previewed(stepText(previewed));
  return html`<div class="caption muted">
    ${preview ? html`<span class="strong" title=${text.previewedHelp}>${preview}</span>` : nothing}
    <span class=${isOld ? "strong" : ""} title=${isOld ? text.oldLayoutHelp : ""}>
      ${isIntroduced ? html`<span class="lead">${text.nearAreAlike}${words && " · "}</span>` : nothing}${words}
    </span>
    ${about(
      text.aboutMap,
      html`${[...facts, ...trust].map(({ words, help }) => html`<h3>${words}</h3><p>${help}</p>`)}`,
    )}
  </div>`;
}

/** Says why all tokens are on one line, at the first step of a map that shows change from there. */
export function startNote(slice: MapSlice): TemplateResult | typeof nothing {
  const { first, filming, isOld, mode, playing, positions, selection, there } = slice;
  const isAlone = !isOld && !playing && !there && !selection.length;
  const isShown = isAlone && filming === null && mode === "2d";
  if (!isShown || !isAtFirst(first, positions) || !positions.components.includes(CHANGE))
    return nothing;
  return html`<p class="start muted" role="status">${text.atStart}</p>`;
}

function isAtFirst(first: Positions | null, shown: Positions | null): shown is Positions {
  return shown !== null && first?.step === shown.step;
}

function inWords(positions: Positions, isFirst: boolean): string {
  const { layout, expressions } = positions;
  const free = expressions.findIndex((expression) => !expression.trim());
  if (free >= 0) return text.inWords.oneAxis(free);
  if (layout !== "pca") return text.inWords[layout];
  const sum = sharesOf(positions).reduce((all, { share }) => all + (share ?? Number.NaN), 0);
  const shown = Number.isFinite(sum) ? [text.differencesShown(sum)] : [];
  return [...shown, ...changeIn(positions, isFirst)].join(" · ");
}

/** Says which axis shows the component of change, if one does. */
function changeIn({ components }: Positions, isFirst = false): string[] {
  const axis = components.indexOf(CHANGE);
  if (axis < 0) return [];
  return [isFirst ? text.noChangeYet(axis) : text.changeAlong(axis)];
}

/** Says how far neighbors on the map can be trusted, or how much of that is measured. */
function neighborsInWords(quality: Quality | null, judged: number | null): string {
  if (judged !== null) return text.judging(judged);
  const trust = quality?.trustworthiness ?? null;
  return trust === null ? "" : text.neighborsAre(trust);
}

/** Returns what the map shows of the embedding, and whether its axes are to scale. */
function shownIn(positions: Positions | null, stretched: boolean, alone: boolean): Fact[] {
  if (positions === null) return [];
  const scale = stretched ? [{ words: text.notToScale, help: text.notToScaleHelp }] : [];
  return [...shownBy(positions, alone), ...scale];
}

/** Returns how much of the table's variance the axes show, and what else they show. */
function shownBy(positions: Positions, alone: boolean): Fact[] {
  const { layout, components_by_rule: byRule, expressions } = positions;
  if (layout === "tsne") {
    const all = positions.positions.length / 2;
    return [{ words: text.laidOut(positions.laid_out, all), help: text.laidOutHelp }];
  }
  if (layout === "axes") {
    const words = alone ? text.alongAxes(expressions) : text.cosines(expressions);
    return [{ words, help: text.alongAxesHelp }];
  }
  const shares = sharesOf(positions);
  const known = shares.flatMap(({ share, ...of }) => (share === null ? [] : [{ ...of, share }]));
  const isKnown = known.length > 0 && known.length === shares.length;
  const variance = alone ? text.variance(known) : text.varianceOf(known.map(({ share }) => share));
  const rule = byRule.includes(CHANGE) ? ` ${text.changeByRule}` : "";
  return [
    ...(isKnown ? [{ words: variance, help: text.varianceHelp }] : []),
    ...changeIn(positions).map((words) => ({ words, help: `${text.changeHelp}${rule}` })),
  ];
}

function trustIn(quality: Quality | null): Fact[] {
  if (quality === null) return [];
  const { k, trustworthiness, continuity, sampled, population } = quality;
  if (trustworthiness === null || continuity === null) return [];
  const sample = sampled < population ? sampled : null;
  const words = text.quality(number(trustworthiness, 2), number(continuity, 2), sample);
  return [{ words, help: text.qualityHelp(k) }];
}
