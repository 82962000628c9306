/** Shows how the table is compared with that of another run, and which tokens only one of them has. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import "../shared/menu";
import type { Alignment, Series } from "../../api/contract.gen";
import { selectMany } from "../../selectors/map/label_priority";
import { inReference, newRows } from "../../selectors/shared/tokens_in_reference";
import {
  changedTokens,
  isCounted,
  listsChanged,
  toggleChanged,
} from "../../selectors/table/changed_beyond_noise";
import { columnSlot } from "../../selectors/table/column_values";
import { patchView, toggleSeed } from "../../state/actions";
import { comparisonOf, otherSeriesOf, seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";
import { number } from "../../util/number_format";
import { byNaturalOrder } from "../../util/run_names";
import { about, checkbox, dropdown, progressBar } from "../shared/controls";
import { NONE, StateElement } from "../shared/state_element";

type Rows = readonly number[];

function sliceOf(state: State) {
  const { drift } = state.slots;
  return {
    // It says how the drift in the table was measured, which may not be what was chosen last.
    alignment: drift.failure ? null : (drift.value?.alignment ?? null),
    anchors: state.view.anchors,
    centered: state.view.centered,
    selection: state.view.selection,
    sets: state.view.sets,
    comparison: comparisonOf(state),
    dimensions: seriesOf(state)?.embedding_dim ?? 0,
    others: otherSeriesOf(state)?.embedding_dim ?? 0,
    common: inReference(state),
    added: newRows(state),
    seeds: state.view.seeds,
    runs: runsOf(state.slots.index.value?.series ?? NONE, seriesOf(state)?.tag ?? ""),
    isCounted: isCounted(state),
    changed: changedTokens(state),
    listsChanged: listsChanged(state),
    noise: columnSlot(state, "q_value") ?? null,
  };
}

@customElement("wordembed-reference-note")
export class ReferenceNote extends StateElement(sliceOf) {
  static override styles = css`
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 0 8px;
      color: var(--muted);
      font-size: var(--small);
    }
    .how {
      flex: 1 1 100%;
      justify-content: flex-start;
      min-width: 0;
    }
    button.link {
      min-height: 24px;
    }
    ul {
      max-width: 280px;
      color: var(--text);
    }
    label {
      color: var(--text);
    }
    label select {
      max-width: 220px;
    }
    wordembed-menu p {
      max-width: 260px;
      margin: 2px 0 8px;
    }
  `;

  protected override render(): TemplateResult {
    return html`${this.how()} ${this.added()} ${this.gone()} ${this.seeds()} ${this.changed()}`;
  }

  /** Says over what the tables are aligned, or why they are not. */
  private how(): TemplateResult | typeof nothing {
    const { comparison, dimensions, others } = this.slice;
    if (comparison === "drift") return this.alignment();
    return html`<div class="how spread">
      <span>${text.notAligned(others, dimensions)}</span>
      ${about(text.aboutAlignment, html`<p>${text.notAlignedHelp}</p>`)}
    </div>`;
  }

  private alignment(): TemplateResult {
    const { alignment, centered } = this.slice;
    const words = alignment ? said(alignment) : text.alignment;
    return html`<wordembed-menu class="how" caption .label=${`${words} ▾`} .name=${`${text.alignment}: ${alignment ? words : text.alignmentHelp}`}>
      <p class="muted">${text.alignedHelp}</p>
      <div role="group" aria-label=${text.alignment}>
        <label>${text.alignOver} ${this.anchors()}</label>
        <p class="muted">${text.alignOverHelp}</p>
        ${checkbox(text.centered, centered, () => this.act(patchView({ centered: !centered })))}
        <p class="muted">${text.centeredHelp}</p>
      </div>
    </wordembed-menu>`;
  }

  private anchors(): TemplateResult {
    const { anchors, selection, sets } = this.slice;
    const choices: (readonly [words: string, rows: Rows | null])[] = [
      [text.allCommon, null],
      ...(selection.length ? [[text.selectedTokens(selection.length), selection] as const] : []),
      ...sets.map(
        ({ name, rows }) => [text.tokensOf(cleanLabel(name), rows.length), rows] as const,
      ),
    ];
    const chosen = keyOf(anchors);
    if (choices.every(([, rows]) => keyOf(rows) !== chosen)) {
      choices.push([text.chosenTokens(anchors?.length ?? 0), anchors]);
    }
    return dropdown(
      choices.map(([words], at) => [String(at), words]),
      String(choices.findIndex(([, rows]) => keyOf(rows) === chosen)),
      (at) => {
        const rows = choices[Number(at)]?.[1] ?? null;
        this.act(patchView({ anchors: rows && ascending(rows) }));
      },
    );
  }

  private added(): TemplateResult | typeof nothing {
    const { added } = this.slice;
    if (!added.length) return nothing;
    return html`<button class="link" title=${text.newTokensHelp} @click=${() => this.act(selectMany(added))}>
      ${text.newTokens(added.length)}
    </button>`;
  }

  private gone(): TemplateResult | typeof nothing {
    const { only_in_reference: tokens = [], count_only_in_reference: all = 0 } =
      this.slice.common ?? {};
    if (!all) return nothing;
    const more = all - tokens.length;
    const label = text.goneTokens(all);
    return html`<wordembed-menu caption .label=${`${label} ▾`} .name=${`${label}: ${text.goneTokensHelp}`}>
      <ul aria-label=${text.goneTokensHelp}>
        ${tokens.map((token) => html`<li class="token" dir="auto">${cleanLabel(token)}</li>`)}
        ${more > 0 ? html`<li class="muted">${text.moreGone(more)}</li>` : nothing}
      </ul>
    </wordembed-menu>`;
  }

  private seeds(): TemplateResult | typeof nothing {
    const { runs, seeds } = this.slice;
    if (runs.length < 3) return nothing;
    const label = text.seeds(seeds.length);
    return html`<wordembed-menu caption .label=${`${label} ▾`} .name=${`${label}: ${text.seedsHelp}`}>
      <div role="group" aria-label=${text.seedsHelp}>
        ${runs.map((run) => checkbox(cleanLabel(run), seeds.includes(run), () => this.act(toggleSeed(run))))}
      </div>
      <p>${text.seedsNeeded}</p>
    </wordembed-menu>`;
  }

  private changed(): TemplateResult | typeof nothing {
    const { changed, isCounted, listsChanged, noise } = this.slice;
    if (!isCounted) return nothing;
    if (noise?.failure)
      return html`<span class="problem" role="alert">${noise.failure.message}</span>`;
    if (!changed) return progressBar(noise?.job?.progress ?? 0, text.comparingSeeds);
    return html`<button
      class="link"
      aria-pressed=${listsChanged}
      title=${text.changedHelp}
      @click=${() => this.act(toggleChanged)}
    >
      ${text.changed(changed.changed, changed.known)}
    </button>`;
  }
}

function said({ common, residual, anchored, centered }: Alignment): string {
  return text.aligned(common, number(residual ?? Number.NaN, 2), !anchored, centered);
}

const ascending = (rows: Rows) => [...rows].sort((a, b) => a - b);

/** Returns a text that is the same for the same rows, in whatever order. */
const keyOf = (rows: Rows | null) => (rows ? ascending(rows).join() : "");

/** Returns the runs that have an embedding of the same tag, in their natural order. */
const runsOf = memo((all: readonly Series[], tag: string): readonly string[] =>
  all
    .filter((series) => series.tag === tag)
    .map(({ run }) => run)
    .sort(byNaturalOrder),
);
