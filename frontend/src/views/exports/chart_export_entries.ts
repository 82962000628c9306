/** Shows the entries of the export menu that save charts as images. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { type FigureFormat, saveFigure } from "../../image_export/save_figure";
import { driftSummary } from "../../selectors/drift_summary";
import { healthOf } from "../../selectors/health";
import { labelOf } from "../../selectors/labels";
import { inspectedRow, seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { entries } from "../../theme/menu_styles";
import { cleanLabel } from "../../util/label_text";
import { StateElement } from "../shared/state_element";
import { type FigureName, figureOf } from "./figures";

function sliceOf(current: State) {
  const row = inspectedRow(current);
  return {
    hasHealth: healthOf(current) !== null,
    hasDrift: driftSummary(current) !== null,
    inspected: row === null ? null : cleanLabel(labelOf(current, row)),
  };
}

@customElement("wordembed-chart-export-entries")
export class ChartExportEntries extends StateElement(sliceOf) {
  static override styles = [
    entries,
    css`
      p {
        padding: 4px 8px;
        color: var(--muted);
      }
      [role="alert"] {
        color: var(--lost);
      }
    `,
  ];

  @state() private done: string | null = null;
  @state() private problem: string | null = null;

  protected override render(): TemplateResult | typeof nothing {
    const { hasHealth, hasDrift, inspected } = this.slice;
    if (!hasHealth && !hasDrift && inspected === null) return nothing;
    return html`<h4>${text.exportCharts}</h4>
      ${hasHealth ? [this.entry("timeline"), this.entry("health")] : nothing}
      ${inspected !== null ? this.entry("token", inspected) : hasDrift ? this.entry("all_tokens") : nothing}
      ${this.problem === null ? nothing : html`<p role="alert">${this.problem}</p>`}
      ${this.done === null ? nothing : html`<p role="status">${this.done}</p>`}`;
  }

  private entry(name: FigureName, label: string = text.figureNames[name]): TemplateResult {
    const button = (format: FigureFormat) => html`<button
      aria-label="${label}, ${format.toUpperCase()}"
      @click=${() => this.save(name, format)}
    >
      ${format.toUpperCase()}
    </button>`;
    return html`<div class="files" role="group" aria-label=${label}>
      <span class="ellipsis" title=${label}>${label}</span>${button("png")}${button("svg")}
    </div>`;
  }

  private async save(name: FigureName, format: FigureFormat): Promise<void> {
    const { state: current } = this.store;
    this.done = null;
    this.problem = null;
    try {
      const figure = figureOf(name, current);
      if (figure === null) throw new Error(text.notMeasuredYet);
      const { run = "", tag = "" } = seriesOf(current) ?? {};
      const what = name === "token" ? (this.slice.inspected ?? name) : name;
      const saved = await saveFigure(figure, format, [run, tag, what, `step-${stepOf(current)}`]);
      this.done = text.saved(saved);
    } catch (error) {
      this.problem = text.imageFailed(error instanceof Error ? error.message : String(error));
    }
  }
}
