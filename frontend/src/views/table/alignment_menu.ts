/** Lets the user choose how the tables of two runs are aligned. */

import { css, html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Alignment } from "../../api/contract.gen";
import { patchView } from "../../state/actions";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { number } from "../../util/number_format";
import { checkbox, dropdown } from "../shared/controls";
import { StateElement } from "../shared/state_element";
import "../shared/menu";

function sliceOf({ slots, view }: State) {
  const { anchors, centered, selection, sets } = view;
  // It says how the drift in the table was measured, which may not be what was chosen last.
  const alignment = slots.drift.failure ? null : (slots.drift.value?.alignment ?? null);
  return { alignment, anchors, centered, selection, sets };
}

type Rows = readonly number[];

@customElement("wordembed-alignment-menu")
export class AlignmentMenu extends StateElement(sliceOf) {
  static override styles = css`
    p {
      max-width: 260px;
      margin: 2px 0 8px;
    }
    label {
      min-height: 24px;
      color: var(--text);
    }
    select {
      max-width: 220px;
      color: var(--text);
    }
  `;

  protected override render(): TemplateResult {
    const { alignment, centered } = this.slice;
    const words = alignment ? said(alignment) : text.alignment;
    return html`<wordembed-menu caption .label=${`${words} ▾`} .name=${`${text.alignment}: ${alignment ? words : text.alignmentHelp}`}>
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
}

function said({ common, residual, anchored, centered }: Alignment): string {
  return text.aligned(common, number(residual ?? Number.NaN, 2), !anchored, centered);
}

const ascending = (rows: Rows) => [...rows].sort((a, b) => a - b);

/** Returns a text that is the same for the same rows, in whatever order. */
const keyOf = (rows: Rows | null) => (rows ? ascending(rows).join() : "");
