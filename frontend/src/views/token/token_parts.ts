/** Draws parts that several views about tokens have: buttons, charts, and the place of an answer. */

import { html, nothing, type TemplateResult } from "lit";
import "../shared/step_chart";
import type { Line } from "../../charts/line_plot";
import { hover, select } from "../../state/actions";
import type { Slot } from "../../state/slots";
import type { Store } from "../../state/store";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { short } from "../../util/number_format";
import type { Act } from "../shared/state_element";

interface TokenButton {
  readonly kind: string;
  readonly title: string;
  readonly disabled?: boolean;
}

/** Shows a button that selects a row, and marks the row everywhere while the pointer is on it. */
export function tokenButton(
  row: number,
  { kind, title, disabled = false }: TokenButton,
  content: TemplateResult | string,
  act: Act,
): TemplateResult {
  return html`<button
    class="quiet ${kind}"
    title=${title}
    ?disabled=${disabled}
    @click=${() => act(select(row))}
    @mouseenter=${() => act(hover(row))}
    @mouseleave=${() => act(hover(null))}
  >
    ${content}
  </button>`;
}

/** Says that an answer is being loaded or could not be loaded. */
export function placeholder({ failure }: Slot<unknown>): TemplateResult {
  return failure
    ? html`<p class="muted">${text.notLoaded}</p>`
    : html`<div class="skeleton" aria-label=${text.loading}></div>`;
}

export interface ChartHead {
  /** The name for screen readers. */
  readonly label: string;
  /** The heading, if it is shorter. */
  readonly name?: string;
  /** The tooltip of the heading, if it is longer. */
  readonly help?: string;
}

/** Shows a chart below its name and its value at a step. */
export function chartSection(
  store: Store,
  { label, name = label, help = label }: ChartHead,
  value: number | null | undefined,
  steps: readonly number[],
  lines: readonly Line[],
  legend: TemplateResult | typeof nothing = nothing,
): TemplateResult {
  const said = lines.map((line) => {
    const numbers = line.values.map((one) => short(one)).join(", ");
    return lines.length > 1 ? `${cleanLabel(line.label)} ${numbers}` : numbers;
  });
  return html`<section>
    <div class="heading spread">
      <h3 class="ellipsis" title=${help}>${name}</h3>
      <b>${short(value)}</b>
    </div>
    <wordembed-chart
      .store=${store}
      .steps=${steps}
      .lines=${lines}
      .height=${lines.length > 1 ? 112 : 84}
      .label=${`${label}: ${said.join("; ")}`}
    ></wordembed-chart>
    ${legend}
  </section>`;
}
