/** Shows errors with the server's message and a remedy. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { LAYOUT_SLOTS, layoutFailure } from "../../selectors/map_layout";
import { dismissMissing } from "../../state/actions";
import { missingSeries, seriesOf } from "../../state/current";
import type { Failure, Slot, State } from "../../state/state";
import { SLOT_NAMES_SHOWN, text } from "../../strings";
import { memo } from "../../util/memo";
import { count } from "../../util/number_format";
import { NONE, StateElement } from "../shared/state_element";

function sliceOf(state: State) {
  const { slots } = state;
  return {
    missing: missingOf(state),
    // Browsers round steps beyond 2^53.
    rounded: hasRoundedSteps(seriesOf(state)?.steps ?? []),
    // The map shows the error of a layout itself.
    failed: failuresOf(slots, layoutFailure(state) === null),
    scanning: slots.index.value?.scanning ?? false,
    problems: slots.index.value?.problems ?? NONE,
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
    const { failed, scanning, problems, missing, rounded } = this.slice;
    const gone = failed.some(({ failure }) => failure.status === null);
    return html`
      ${gone ? this.notice(text.unreachable, text.afterFailure.gone) : nothing}
      ${gone ? nothing : failed.map(({ name, failure }) => this.failure(name, failure))}
      ${
        missing
          ? html`<div role="status">
              <span>${missing}</span>
              <button class="link" @click=${() => this.act(dismissMissing)}>
                ${text.dismiss}
              </button>
            </div>`
          : nothing
      }
      ${
        rounded
          ? html`<div role="status">${text.roundedSteps(count(Number.MAX_SAFE_INTEGER))}</div>`
          : nothing
      }
      ${scanning ? html`<div class="quiet-notice" role="status">${text.scanning}</div>` : nothing}
      ${
        problems.length
          ? html`<details>
              <summary>${text.problems(problems.length)}</summary>
              <ul>
                ${problems.map(
                  ({ path, offset, message }) =>
                    html`<li>${text.problemAt(path, offset)}: ${message}</li>`,
                )}
              </ul>
            </details>`
          : nothing
      }
    `;
  }

  private failure(name: string, failure: Failure): TemplateResult {
    const what = SLOT_NAMES_SHOWN[name];
    const title = what === undefined ? text.failedIndex : text.failed(what);
    return this.notice(`${title}: ${failure.message}`, adviceFor(failure));
  }

  private notice(title: string, advice: string): TemplateResult {
    return html`<div role="alert">
      <span>${title}</span><span>${advice}</span>
      <button class="link" @click=${this.retry}>${text.retry}</button>
    </div>`;
  }
}

function missingOf(state: State): string | null {
  const missing = missingSeries(state);
  const shown = seriesOf(state);
  if (!missing || !shown) return null;
  const { run, tag } = missing;
  return tag === null
    ? text.missingRun(run || ".", shown.run || ".")
    : text.missingTag(tag, shown.tag);
}

const hasRoundedSteps = memo((steps: readonly number[]) =>
  steps.some((step) => !Number.isSafeInteger(step)),
);

const failuresOf = memo((slots: State["slots"], withLayouts: boolean) =>
  Object.entries<Slot<unknown> | undefined>(slots).flatMap(([name, slot]) => {
    const isNamed = name === "index" || name in SLOT_NAMES_SHOWN;
    const isShown = isNamed && (withLayouts || !LAYOUT_SLOTS.has(name));
    return slot?.failure && isShown ? [{ name, failure: slot.failure }] : [];
  }),
);

function adviceFor({ status }: Failure): string {
  if (status === null) return text.afterFailure.gone;
  if (status === 404) return text.afterFailure.missing;
  return status === 400 ? text.afterFailure.wrong : text.afterFailure.broken;
}
