/** Shows the neighbors of the inspected token at the reference step and now, in two columns. */

import { css, html, nothing, svg, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Neighbor, NeighborChange } from "../../api/contract.gen";
import { type Fate, fatesOf } from "../../selectors/map/neighbor_marks";
import { comparesSteps, newRows, referenceIn } from "../../selectors/shared/tokens_in_reference";
import { comparisonOf, seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { seriesName, stepName, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { number, short, stepText } from "../../util/number_format";
import { StateElement } from "../shared/state_element";
import { tokenButton } from "./token_parts";

const SIGNS: Readonly<Record<Fate, string>> = { gained: "+", kept: "", lost: "−" };
const ROW_PX = 24;
const LINKS_PX = 28;

function sliceOf(state: State) {
  const { slots, passing } = state;
  return {
    change: slots.change.value,
    hovered: passing.hover,
    comparison: comparisonOf(state),
    series: seriesOf(state),
    isAbsent: newRows(state).includes(slots.change.value?.index ?? -1),
  };
}

interface Heading {
  readonly words: string;
  readonly help?: string;
}

@customElement("wordembed-neighbor-columns")
export class NeighborColumns extends StateElement(sliceOf) {
  static override styles = css`
    .columns {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 28px minmax(0, 1fr);
    }
    svg {
      /* The lines begin below the heads of the columns. */
      margin-top: 24px;
    }
    path {
      fill: none;
      stroke: var(--line);
    }
    path.hovered {
      stroke: var(--accent);
      stroke-width: 2;
    }
    .columns > div {
      min-width: 0;
    }
    h4 {
      margin: 4px 4px 4px 0;
      line-height: 16px;
    }
    button {
      display: grid;
      grid-template-columns: 12px minmax(0, 1fr) auto;
      align-items: center;
      gap: 0 2px;
      width: 100%;
      height: 24px;
      padding: 0 4px 0 2px;
      text-align: left;
    }
    .sign {
      font-weight: 700;
    }
    .summary {
      flex-wrap: wrap;
      gap: 0 8px;
    }
  `;

  protected override render(): TemplateResult | typeof nothing {
    const { change, hovered, comparison, isAbsent } = this.slice;
    if (!change) return nothing;
    const { before, after, gained, kept, lost, to_step } = change;
    if (!before.length && !after.length) return html`<p class="muted">${text.noNeighbors}</p>`;
    const now = { words: text.atStep(stepText(to_step)) };
    if (isAbsent || !comparesSteps(change)) {
      const why = isAbsent ? text.notInReference : text.atReference;
      return html`${comparison === "nothing" ? nothing : html`<p class="muted">${why}</p>`}
        ${this.column(now, after, null)}`;
    }
    const was = this.reference(change);
    const fates = fatesOf(change);
    return html`
      <p class="summary spread muted">
        <span title=${text.overlapHelp}><b>${text.overlap(kept.length, before.length)}</b></span>
        <span>
          ${SIGNS.gained}${number(gained.length, 0)} ${text.gained},
          ${SIGNS.lost}${number(lost.length, 0)} ${text.lost}
        </span>
      </p>
      <div class="columns">
        ${this.column(was, before, fates)}
        ${rankLinks(change, hovered)}
        ${this.column(now, after, fates)}
      </div>
    `;
  }

  /** Names the reference: where it is in another run, that one says more than its step. */
  private reference(change: NeighborChange): Heading {
    const { series } = this.slice;
    const other = referenceIn(change);
    if (!other) return { words: text.atStep(stepText(change.from_step)) };
    return { words: seriesName(other, series), help: stepName(change.from_step, other, series) };
  }

  private column(
    { words, help = words }: Heading,
    neighbors: readonly Neighbor[],
    fates: ReadonlyMap<number, Fate> | null,
  ): TemplateResult {
    return html`<div>
      <h4 class="spread"><span class="ellipsis" title=${help}>${words}</span> <span>${text.distance}</span></h4>
      <ol>
        ${neighbors.map((neighbor) => html`<li>${this.neighbor(neighbor, fates?.get(neighbor.index) ?? null)}</li>`)}
      </ol>
    </div>`;
  }

  private neighbor(neighbor: Neighbor, fate: Fate | null): TemplateResult {
    const label = cleanLabel(neighbor.token);
    const distance = short(neighbor.distance);
    // A page in a file does not hold all tokens that are neighbors.
    const disabled = neighbor.index >= (this.slice.series?.shown_rows ?? 0);
    const known = disabled ? text.notInPageToken : "";
    const ranks = fate === "kept" ? this.ranks(neighbor.index) : "";
    const said = [fate && text[fate], ranks, known].filter(Boolean).join(", ");
    const title = said ? `${label}, ${distance} (${said})` : `${label}, ${distance}`;
    const content = html`<span class="sign" aria-hidden="true">${fate && SIGNS[fate]}</span>
      <span class="token ellipsis" dir="auto">${label}</span>
      <span class="muted small">${distance}</span>
      <span class="visually-hidden">${said}</span>`;
    return tokenButton(neighbor.index, { kind: fate ?? "", title, disabled }, content, this.act);
  }

  private ranks(row: number): string {
    const { before = [], after = [] } = this.slice.change ?? {};
    const rankIn = (all: readonly Neighbor[]) => all.findIndex(({ index }) => index === row) + 1;
    return text.rankNow(rankIn(after), rankIn(before));
  }
}

/** Draws a line from the old rank of each kept neighbor to its new one. */
function rankLinks({ before, after }: NeighborChange, hovered: number | null): TemplateResult {
  const height = ROW_PX * Math.max(before.length, after.length);
  const now = new Map(after.map(({ index }, rank) => [index, rank]));
  const middle = (rank: number) => ROW_PX * (rank + 0.5);
  return svg`<svg width=${LINKS_PX} height=${height} aria-hidden="true">
    ${before.map(({ index }, rank) => {
      const next = now.get(index);
      if (next === undefined) return nothing;
      const [from, to] = [middle(rank), middle(next)];
      const bend = LINKS_PX / 2;
      return svg`<path
        class=${index === hovered ? "hovered" : ""}
        d=${`M1 ${from}C${bend} ${from} ${bend} ${to} ${LINKS_PX - 1} ${to}`}
      />`;
    })}
  </svg>`;
}
