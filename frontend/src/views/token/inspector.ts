/** Shows the panel about the selected tokens: drift over the steps, motion and neighbors. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import "./group_card";
import "./neighbor_columns";
import { type Line, OTHERS_MARK } from "../../charts/line_plot";
import { lineMark } from "../../charts/small_charts";
import { driftSummary } from "../../selectors/shared/drift_summary";
import { imageColumns, imagesOf } from "../../selectors/shared/row_images";
import { labelsOf } from "../../selectors/shared/row_labels";
import { loggedColumns, valuesOf } from "../../selectors/table/column_values";
import { fixedRows, updatesOf } from "../../selectors/table/row_updates";
import { comparedRows } from "../../selectors/token/compared_tokens";
import { inspectedTrajectory, trajectoryInReference } from "../../selectors/token/trajectories";
import { select } from "../../state/actions";
import { inspectedRow, isSingle, otherSeriesOf, seriesOf, stepOf } from "../../state/current";
import type { Slot } from "../../state/slots";
import type { State } from "../../state/state";
import { curveName, MEASURE_NAMES, seriesName, stepName, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { numeralOf, short, stepText } from "../../util/number_format";
import { signButton } from "../shared/controls";
import { neighborControls } from "../shared/neighbor_controls";
import { StateElement } from "../shared/state_element";
import { thumbnail } from "../shared/thumbnail";
import { allTokensDrift } from "./all_tokens_drift";
import { markedTokens, tokenLines } from "./compared_tokens";
import { inspectorStyles } from "./inspector.css";
import { neighborsSideBySide } from "./neighbors_side_by_side";
import { tokenMotion } from "./token_motion";
import { type ChartHead, chartSection, placeholder } from "./token_parts";

function sliceOf(state: State) {
  const { slots, passing } = state;
  return {
    row: inspectedRow(state),
    labels: labelsOf(state),
    isSingle: isSingle(state),
    norms: valuesOf(state, "norm")?.numbers,
    columns: loggedColumns(state),
    images: imageColumns(state),
    summary: driftSummary(state),
    compared: comparedRows(state).length,
    selected: state.view.selection.length,
    drift: slots.drift.value,
    trajectories: slots.trajectories,
    trajectory: inspectedTrajectory(state),
    otherTrajectory: trajectoryInReference(state),
    lines: tokenLines(state),
    motion: slots.motion,
    change: slots.change,
    updates: updatesOf(state),
    fixed: fixedRows(state),
    savedPage: state.savedPage,
    k: state.view.k,
    metric: state.view.metric,
    tokens: markedTokens(state),
    comparedNeighbors: slots.comparedNeighbors,
    step: stepOf(state),
    other: otherSeriesOf(state),
    series: seriesOf(state),
    hovered: passing.hoverStep,
  };
}

@customElement("wordembed-inspector")
export class Inspector extends StateElement(sliceOf) {
  static override styles = inspectorStyles;

  protected override render(): TemplateResult {
    const { row } = this.slice;
    return row === null ? this.invitation() : this.token(row);
  }

  private invitation(): TemplateResult {
    const { isSingle, summary, series } = this.slice;
    return html`<p class="muted">${isSingle ? text.inspectorEmptySingle : text.inspectorEmpty}</p>
      ${summary ? allTokensDrift(summary, series, this.act) : nothing}`;
  }

  private token(row: number): TemplateResult {
    const { labels, compared, fixed, images, savedPage, motion, selected, series } = this.slice;
    const label = cleanLabel(labels[row] ?? `#${row}`);
    const isGroup = selected > 1 && !savedPage;
    return html`
      ${isGroup ? html`<wordembed-group-card .store=${this.store}></wordembed-group-card>` : nothing}
      ${savedPage && selected > 1 ? html`<wordembed-compared-tokens .store=${this.store}></wordembed-compared-tokens>` : nothing}
      <div class="head">
        <h2 class="token" dir="auto" title=${label}>${label}</h2>
        <span class="muted">
          ${text.rowNumber(row)}${fixed.has(row) ? html` · <b title=${text.fixedRowHelp}>${text.fixedRow}</b>` : nothing}
        </span>
        ${isGroup ? nothing : signButton("×", text.close, () => this.act(select(null)))}
      </div>
      ${this.updates(row)}
      ${images ? html`<div class="images">${imagesOf(images, row).map(thumbnail)}</div>` : nothing}
      ${this.columns(row)}
      ${this.charts(row)}
      ${motion.value?.index === row ? section(motion, tokenMotion(motion.value, series, this.act), "motion") : nothing}
      ${this.neighbors(row, compared > 1 ? text.neighborsOf(label) : text.neighbors)}
      ${compared > 1 ? this.otherNeighbors(row) : nothing}
    `;
  }

  private driftFrom(row: number): TemplateResult | typeof nothing {
    const { drift, series } = this.slice;
    if (!drift?.alignment) return nothing;
    const from = stepName(drift.from_step, drift.alignment, series);
    return html`<p class="spread">
      <span>${text.driftFrom(from, MEASURE_NAMES[drift.measure])}</span>
      <b>${short(drift.values[row])}</b>
    </p>`;
  }

  private updates(row: number): TemplateResult | typeof nothing {
    const { updates } = this.slice;
    if (!updates) return nothing;
    const { counts, last_change, steps } = updates;
    const last = stepText(steps[last_change[row] ?? -1] ?? Number.NaN);
    return html`<p class="muted updates">${text.updated(counts[row] ?? 0, steps.length - 1, last)}</p>`;
  }

  private neighbors(row: number, heading: string): TemplateResult {
    const { change } = this.slice;
    const content = html`<div class="heading spread">
        <h3 class="ellipsis">${heading}</h3>
        ${neighborControls(this.slice, this.act)}
      </div>
      ${
        change.value?.index === row
          ? html`<wordembed-neighbor-columns .store=${this.store}></wordembed-neighbor-columns>`
          : placeholder(change)
      }`;
    return section(change, content);
  }

  private otherNeighbors(inspected: number): TemplateResult {
    const { comparedNeighbors, series, tokens } = this.slice;
    const others = tokens.filter(({ row }) => row !== inspected);
    return neighborsSideBySide(others, comparedNeighbors, series?.shown_rows ?? 0, this.act);
  }

  private columns(row: number): TemplateResult | typeof nothing {
    const { columns } = this.slice;
    if (!columns.length) return nothing;
    return html`<dl aria-label=${text.columns}>
      ${columns.map(({ name: column, values: { numbers, texts } }) => {
        const name = cleanLabel(column);
        const value = texts ? cleanLabel(texts[row] ?? "") : numeralOf(numbers)(numbers[row]);
        return html`<div><dt class="token ellipsis muted small" title=${name}>${name}</dt>
          <dd class="token" title=${value}>${value}</dd></div>`;
      })}
    </dl>`;
  }

  private charts(row: number): TemplateResult {
    const { isSingle, lines, norms, other, series, trajectories, trajectory } = this.slice;
    if (isSingle) {
      return html`${this.driftFrom(row)}
        <section>${text.normOverSteps} <b>${short(norms?.[row])}</b></section>`;
    }
    if (!trajectory || !lines) return placeholder(trajectories);
    const { measure, reference, drift, norm } = trajectory;
    const others = other ? seriesName(other, series) : "";
    const name = MEASURE_NAMES[measure];
    const label = curveName(trajectory, series);
    const since = stepText(reference.step);
    // The line above the charts names the reference.
    let head: ChartHead = { label, name, help: reference.of ? text.curveHelp(label) : label };
    // Tables of different dimensions can't be aligned: the curve stays within this run.
    if (other && !reference.of)
      head = { label: text.sinceStep(since), help: text.overSteps(name, since) };
    return html`${
      other
        ? html`<p class="muted runs">${this.runs(seriesName(series ?? other, other), others)}
        ${reference.of ? html`<span>${text.driftFrom(stepName(reference.step, reference.of, series))}</span>` : nothing}</p>`
        : nothing
    }
      <div class="charts">
        ${this.chart(head, drift, lines.drift)}
        ${this.chart({ label: text.normOverSteps }, norm, lines.norm)}
      </div>`;
  }

  private chart(
    head: ChartHead,
    values: readonly (number | null)[],
    lines: readonly Line[],
  ): TemplateResult {
    const { trajectory, step, hovered } = this.slice;
    const steps = trajectory?.steps ?? [];
    const value = values[steps.indexOf(hovered ?? step ?? Number.NaN)];
    return chartSection(this.store, head, value, steps, lines);
  }

  /** Says which lines are of which run. */
  private runs(own: string, other: string): TemplateResult | string {
    const { compared, otherTrajectory } = this.slice;
    if (compared > 1) return text.curvesOfOwn(own, other);
    if (!otherTrajectory) return text.curvesOnlyOf(own);
    const others = lineMark({ mark: OTHERS_MARK, width: 4 });
    return html`<span class="run own">${lineMark({})}${own}</span> <span class="run">${others}${other}</span>`;
  }
}

/** Returns content, dimmed while its slot is loading or after loading failed. */
function section(
  { pending, failure }: Slot<unknown>,
  content: TemplateResult,
  kind = "",
): TemplateResult {
  return html`<section class="dims ${kind}" aria-busy=${pending !== null} ?data-stale=${failure !== null}>
    ${content}
  </section>`;
}
