/** Shows errors with the server's message and a remedy. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Problem, Series } from "../../api/contract.gen";
import { NOT_IN_FILE } from "../../api/data_source";
import { MOST_HELD } from "../../api/row_numbering";
import { LAYOUT_SLOTS, layoutFailure } from "../../selectors/map/map_layout";
import { patchPassing } from "../../state/actions";
import { findSeries, seriesOf } from "../../state/current";
import type { Failure, Slot } from "../../state/slots";
import type { State } from "../../state/state";
import { SLOT_NAMES_SHOWN, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";
import { count } from "../../util/number_format";
import { NONE, StateElement } from "../shared/state_element";

function sliceOf(state: State) {
  const { slots } = state;
  return {
    notice: noticeOf(state),
    lost: lostReference(state),
    // Browsers round steps beyond 2^53.
    rounded: hasRoundedSteps(seriesOf(state)?.steps ?? []),
    // The map shows the error of a layout itself.
    failed: failuresOf(slots, layoutFailure(state) === null),
    full: isFull(seriesOf(state)),
    scanning: slots.index.value?.scanning ?? false,
    problems: slots.index.value?.problems ?? NONE,
    incomplete: slots.index.value?.incomplete ?? NONE,
  };
}

@customElement("wordembed-notices")
export class Notices extends StateElement(sliceOf) {
  static override styles = css`
    div,
    details {
      display: flex;
      flex-wrap: wrap;
      align-items: baseline;
      gap: 4px 12px;
      padding: 6px 12px;
      border-bottom: 1px solid var(--hairline);
      background: var(--warning-soft);
      color: var(--warning);
    }
    details {
      display: block;
    }
    .quiet-notice {
      background: var(--panel);
      color: var(--muted);
    }
    span,
    li {
      overflow-wrap: anywhere;
    }
    ul {
      margin: 4px 0;
      padding-left: 16px;
      list-style: disc;
    }
    summary {
      cursor: pointer;
    }
  `;

  @property({ attribute: false }) retry: () => void = () => undefined;

  protected override render(): TemplateResult {
    const { failed, lost, scanning, problems, incomplete, notice, rounded, full } = this.slice;
    const gone = failed.some(({ failure }) => failure.status === null);
    const said = [
      lost,
      rounded && text.roundedSteps(count(Number.MAX_SAFE_INTEGER)),
      full && text.heldAll(MOST_HELD),
    ].filter(Boolean);
    return html`
      ${gone ? this.notice(text.unreachable, text.afterFailure.gone) : failed.map((cause) => this.failure(cause))}
      ${
        notice
          ? html`<div role="status">
              <span>${notice}</span>
              <button class="link" @click=${() => this.act(patchPassing({ notice: null }))}>
                ${text.dismiss}
              </button>
            </div>`
          : nothing
      }
      ${said.map((words) => html`<div role="status">${words}</div>`)}
      ${scanning ? html`<div class="quiet-notice" role="status">${text.scanning}</div>` : nothing}
      ${incomplete.length ? listed(text.incomplete(incomplete.length), incomplete, "quiet-notice") : nothing}
      ${problems.length ? listed(text.problems(problems.length), problems, "") : nothing}
    `;
  }

  private failure({ names, failure }: Cause): TemplateResult {
    if (failure.status === NOT_IN_FILE) {
      const all = names.flatMap((name) => SLOT_NAMES_SHOWN[name] ?? []).join(", ");
      return html`<div class="quiet-notice" role="status">${text.notInPage(all)}</div>`;
    }
    const [what = "", ...others] = names.flatMap((name) => SLOT_NAMES_SHOWN[name] ?? []);
    const title = others.length ? text.failedAll(what, others.length) : text.failed(what);
    const whole = names.includes("index") ? text.failedIndex : title;
    return this.notice(`${whole}: ${failure.message}`, adviceFor(failure));
  }

  private notice(title: string, advice: string): TemplateResult {
    return html`<div role="alert">
      <span>${title}</span><span>${advice}</span>
      <button class="link" @click=${this.retry}>${text.retry}</button>
    </div>`;
  }
}

function noticeOf(state: State): string | null {
  const { notice } = state.passing;
  if (!notice) return null;
  const { kind, lacks, run, tag } = notice;
  const name = cleanLabel(run);
  const shown = seriesOf(state);
  // The page shows another run, or another embedding of the same run.
  const isOfRun = shown?.run === run && tag !== null;
  const series =
    isOfRun && !lacks && kind !== "anew"
      ? text.embeddingCalled(cleanLabel(tag), name)
      : text.runCalled(name);
  if (kind === "fewer") return text.lacksTokens(series, lacks?.tokens ?? 0, lacks?.of ?? 0);
  const said = text.seriesNotice[kind](series);
  if (kind === "anew") return said;
  if (!shown) return `${said}.`;
  return said + text.showingOther(cleanLabel(isOfRun ? shown.tag : shown.run));
}

function listed(summary: string, places: readonly Problem[], style: string): TemplateResult {
  return html`<details class=${style}>
    <summary>${summary}</summary>
    <ul>
      ${places.map(
        ({ path, offset, message }) => html`<li>${text.problemAt(path, offset)}: ${message}</li>`,
      )}
    </ul>
  </details>`;
}

/** Says that the reference is not in the log; null if it is. */
function lostReference(state: State): string | null {
  const { referenceRun: run, referenceTag } = state.view;
  const shown = seriesOf(state);
  const { series, scanning } = state.slots.index.value ?? { series: [], scanning: true };
  if (run === null || !shown || scanning) return null;
  const tag = referenceTag ?? shown.tag;
  if (findSeries(series, run, tag)) return null;
  return text.noReference(text.runCalled(cleanLabel(run)));
}

/** Returns whether the page holds as many rows of a table as it can, and not all of them. */
const isFull = (series: Series | null) =>
  series !== null && series.shown_rows < series.vocab_size && series.shown_rows >= MOST_HELD;

const hasRoundedSteps = memo((steps: readonly number[]) =>
  steps.some((step) => !Number.isSafeInteger(step)),
);

/** A reason for which something could not be loaded, and the slots that it left empty. */
interface Cause {
  readonly names: readonly string[];
  readonly failure: Failure;
}

const failuresOf = memo((slots: State["slots"], withLayouts: boolean): readonly Cause[] => {
  const causes = new Map<string, { names: string[]; failure: Failure }>();
  for (const [name, slot] of Object.entries<Slot<unknown> | undefined>(slots)) {
    const isNamed = name === "index" || name in SLOT_NAMES_SHOWN;
    const isShown = isNamed && (withLayouts || !LAYOUT_SLOTS.has(name));
    if (!slot?.failure || !isShown) continue;
    const { message } = slot.failure;
    const cause = causes.get(message) ?? { names: [], failure: slot.failure };
    cause.names.push(name);
    causes.set(message, cause);
  }
  return [...causes.values()];
});

function adviceFor({ status }: Failure): string {
  if (status === null) return text.afterFailure.gone;
  if (status === 404) return text.afterFailure.missing;
  return status === 400 ? text.afterFailure.wrong : text.afterFailure.broken;
}
