/** Shows the Health view: measures of the whole table over the steps. */

import { html, nothing, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import "../shared/step_chart";
import "./all_tables";
import "./findings";
import "./probe_box";
import type { Health } from "../../api/contract.gen";
import { curve, lineMark } from "../../charts/small_charts";
import { inBox } from "../../charts/step_geometry";
import { listsTables } from "../../selectors/health/all_tables";
import { findingsOf } from "../../selectors/health/findings";
import { healthOf, settledStep } from "../../selectors/health/health_values";
import { type ProbeOnScreen, probesOf } from "../../selectors/health/probe_scores";
import { showsSimilarity } from "../../selectors/health/similarity";
import { openHealth, patchView, removeProbe } from "../../state/actions";
import { allSeries, isSingle, seriesOf, stepOf } from "../../state/current";
import { openFinding } from "../../state/finding_actions";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { count, short } from "../../util/number_format";
import { progressBar, segments, signButton } from "../shared/controls";
import { edge, shareOf } from "../shared/resize_edge";
import { listensTo, StateElement } from "../shared/state_element";
import { findingMark } from "./findings";
import { healthStyles, panelStyles } from "./health.css";
import {
  GLANCES,
  type HealthMeasure,
  healthMeasures,
  panelOf,
  probeMeasure,
  shownMeasures,
} from "./health_measures";

/** Windows in which Health is a tab and has no bar; the same width as in app.ts. */
const NARROW = "(max-width: 760px)";
const TALL_FROM_PX = 1200;
/** The least height that the handle gives, and how far an arrow key moves it, in CSS pixels. */
const LOWEST_PX = 120;
const KEY_PX = 24;

function sliceOf(state: State) {
  return {
    health: healthOf(state),
    progress: state.slots.health.job?.progress ?? null,
    findings: findingsOf(state),
    series: seriesOf(state),
    isSingle: isSingle(state),
    step: stepOf(state),
    hovered: state.passing.hoverStep,
    settled: settledStep(state),
    open: state.view.healthOpen,
    share: state.view.healthShare,
    shown: panelOf(state.passing.healthPanel),
    probes: probesOf(state),
    isSaved: state.savedPage !== null,
    tables: allSeries(state).length,
    listsTables: listsTables(state),
    showsSimilarity: showsSimilarity(state),
    measures: shownMeasures(state),
  };
}

/** The Health view: closed, a bar with the latest values and the first finding; open, a chart for each measure. */
@customElement("wordembed-health")
export class HealthElement extends StateElement(sliceOf) {
  static override styles = [panelStyles, healthStyles];

  @state() private hasSimilarity = false;
  private readonly media = window.matchMedia(NARROW);
  @state() private narrow = this.media.matches;
  private ledTo: string | null = null;

  constructor() {
    super();
    listensTo(this, this.media, "change", () => {
      this.narrow = this.media.matches;
    });
  }

  protected override updated(): void {
    const { shown } = this.slice;
    if (this.slice.showsSimilarity && !this.hasSimilarity) void this.loadSimilarity();
    if (shown === this.ledTo) return;
    this.ledTo = shown;
    this.renderRoot.querySelector("[data-shown]")?.scrollIntoView({ block: "nearest" });
  }

  /** Loads the code of the map of similarity when Health opens, as few visits need it. */
  private async loadSimilarity(): Promise<void> {
    await import("./similarity_map");
    this.hasSimilarity = true;
  }

  protected override willUpdate(): void {
    const { share } = this.slice;
    const height = share === null ? "" : `max(${LOWEST_PX}px, ${(100 * share).toFixed(2)}vh)`;
    this.style.setProperty("--health-height", height);
  }

  protected override render(): TemplateResult {
    const { health, open, progress, series } = this.slice;
    const measures = health && series ? healthMeasures(health, series) : null;
    const isShown = open || this.narrow;
    return html`
      ${open && !this.narrow ? this.handle() : nothing}
      <div class="bar row">
        <button
          class="toggle quiet"
          aria-expanded=${open}
          title=${open ? text.healthClose : text.healthOpen}
          @click=${() => this.act(openHealth(!open))}
        >
          <span aria-hidden="true">${open ? "▾" : "▸"}</span> ${text.health}
        </button>
        ${progress === null ? nothing : progressBar(progress)}
        ${open ? this.scope() : [this.firstFinding(), this.glances(measures, health)]}
      </div>
      ${
        isShown
          ? html`<div class="body">
              ${this.narrow ? this.scope() : nothing}
              ${this.body(this.slice.measures, health)}
            </div>`
          : nothing
      }
    `;
  }

  private handle(): TemplateResult {
    const host = this;
    return edge({
      kind: "health",
      label: text.resizeHealth,
      title: text.resizeEdge,
      // Opening changes the height after this is rendered.
      get size() {
        return host.clientHeight;
      },
      least: LOWEST_PX,
      most: window.innerHeight,
      step: KEY_PX,
      resize: (height) => {
        const healthShare = height === null ? null : shareOf(height, window.innerHeight);
        this.act(patchView({ healthShare }));
      },
    });
  }

  private firstFinding(): TemplateResult | typeof nothing {
    const [first, ...others] = this.slice.findings;
    if (!first) return nothing;
    const open = () => this.act(openHealth(true));
    const more = html`<button class="link more" title=${text.moreFindingsHelp} @click=${open}>
      ${text.moreFindings(others.length)}
    </button>`;
    return html`
      <button class="link" title=${cleanLabel(first.finding.sentence)} @click=${() => this.act(openFinding(first))}>
        ${findingMark(first.finding)}
      </button>
      ${others.length ? more : nothing}
    `;
  }

  private glances(
    measures: readonly HealthMeasure[] | null,
    health: Health | null,
  ): TemplateResult | typeof nothing {
    if (!measures || !health) return nothing;
    const { step } = this.slice;
    const shown = GLANCES.flatMap(({ name, label, line }) => {
      const measure = measures.find((one) => one.name === name);
      return measure ? sparkline(label, measure, line, health.steps, step) : [];
    });
    return html`<div class="glances">${shown}</div>`;
  }

  private body(measures: readonly HealthMeasure[] | null, health: Health | null): TemplateResult {
    if (this.slice.listsTables) {
      return html`<wordembed-all-tables .store=${this.store}></wordembed-all-tables>`;
    }
    return html`<h2 class="visually-hidden">${text.health}</h2>
      <wordembed-findings .store=${this.store}></wordembed-findings>
      <div class="panels">
        ${
          measures && health
            ? measures.map((measure) => this.panel(measure, health.steps))
            : Array.from({ length: 12 }, () => html`<div class="skeleton"></div>`)
        }
        ${
          this.slice.showsSimilarity && this.hasSimilarity
            ? html`<section class="tall"><wordembed-similarity-map .store=${this.store}></wordembed-similarity-map></section>`
            : nothing
        }
        ${this.slice.probes.map((one, at) => this.probe(one, at))}
        ${this.slice.isSaved ? nothing : html`<section><wordembed-probe-box .store=${this.store}></wordembed-probe-box></section>`}
      </div>`;
  }

  private scope(): TemplateResult | typeof nothing {
    const { tables, listsTables } = this.slice;
    if (tables < 2) return nothing;
    return segments(
      [
        [false, text.thisTable],
        [true, text.allTables(tables), text.allTablesHelp],
      ],
      listsTables,
      (allTables) => this.act(patchView({ allTables })),
    );
  }

  private probe({ probe, scores }: ProbeOnScreen, at: number): TemplateResult {
    const { value, failure, job } = scores;
    const named = probe.name ? cleanLabel(probe.name) : text.probe;
    const remove = signButton("×", text.removeProbe(named), () => this.act(removeProbe(at)));
    if (value?.steps.length && !failure) {
      return this.panel(probeMeasure(value, probe.name), value.steps, remove);
    }
    return html`<section>
      <h3 class="spread"><span class="ellipsis">${named}</span>${remove}</h3>
      ${
        failure
          ? html`<p class="problem" role="alert">${failure.message}</p>`
          : progressBar(job?.progress ?? 0)
      }
    </section>`;
  }

  private panel(
    measure: HealthMeasure,
    steps: readonly number[],
    more: TemplateResult | typeof nothing = nothing,
  ): TemplateResult {
    const { step, hovered, isSingle, settled, shown } = this.slice;
    const { name, title, help, lines } = measure;
    const read = hovered ?? step;
    const readings = measure.readings(steps.indexOf(read ?? Number.NaN));
    const said = readings.map((reading) => reading.text).join(", ");
    // Without a chart there is no line to find.
    const marked = readings.map(
      ({ text: words, line }) =>
        html`<span>${line && !isSingle ? lineMark(line) : nothing}${words}</span>`,
    );
    const of = read === null ? "" : ` ${text.atStep(count(read))}`;
    return html`<section ?data-shown=${name === shown}>
      <h3 class="spread"><span class="ellipsis" title=${title}>${title}</span>${more}</h3>
      <div class="readings" ?data-one-line=${name !== "rows"}>${marked}</div>
      ${
        isSingle
          ? nothing
          : html`<wordembed-chart
              .store=${this.store}
              .steps=${steps}
              .lines=${lines}
              .settled=${settled}
              .fromZero=${measure.fromZero}
              .reach=${measure.reach}
              .height=${window.innerHeight >= TALL_FROM_PX ? 112 : 72}
              .label=${`${title}.${of}: ${said}. ${help}`}
            ></wordembed-chart>`
      }
      <p>${help}</p>
    </section>`;
  }
}

function sparkline(
  label: string,
  { lines, fromZero, reach }: HealthMeasure,
  which: number,
  steps: readonly number[],
  step: number | null,
): TemplateResult | [] {
  const line = lines[which];
  if (!line) return [];
  const values = line.values.filter((value) => value !== null);
  if (!values.length) return [];
  const low = Math.min(...values, ...(fromZero ? [0] : []));
  const high = Math.max(...values, reach ?? low);
  const places = inBox(steps, high > low ? high : low + 1, low);
  return html`<span>
    ${label} <b>${short(line.values[steps.indexOf(step ?? Number.NaN)])}</b>
    ${steps.length < 2 ? nothing : curve(steps, line.values, step, places)}
  </span>`;
}
