/** Shows the entries of the export menu: the map, charts, tables and vectors as files. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { VectorFormat } from "../../api/contract.gen";
import { type FileMaker, isAbort } from "../../api/data_source";
import { tableRow } from "../../api/row_numbering";
import { type ImageFormat, saveFigure } from "../../image_export/save_image";
import { healthOf } from "../../selectors/health/health_values";
import { driftSummary } from "../../selectors/shared/drift_summary";
import { labelOf } from "../../selectors/shared/row_labels";
import { shownGroups } from "../../selectors/table/groups";
import { listedRows, rankingOf } from "../../selectors/table/table_order";
import { comparedRows } from "../../selectors/token/compared_tokens";
import { inspectedRow, isSingle, seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { saveTable, type TableFile } from "../../table_export/csv";
import { healthCsv, neighborsCsv, tableCsv, trajectoryCsv } from "../../table_export/csv_files";
import { download, fileName } from "../../util/download";
import { cleanLabel } from "../../util/label_text";
import { bytes } from "../../util/number_format";
import { within } from "../../util/row_lists";
import { OpenDialogEvent } from "../shared/dialog";
import { ExportMapEvent, type MapFile, QUICK } from "../shared/export_map_event";
import type { Menu } from "../shared/menu";
import { StateElement } from "../shared/state_element";
import { type FigureName, figureOf } from "./figures";

/** Saves a file and returns its name; null if there is nothing to save. */
type Save = (signal: AbortSignal) => Promise<string | null>;

function sliceOf(state: State) {
  const row = inspectedRow(state);
  return {
    hasMap: state.view.pane !== "projector",
    hasHealth: healthOf(state) !== null,
    hasDrift: driftSummary(state) !== null,
    isSingle: isSingle(state),
    inspected: row === null ? null : cleanLabel(labelOf(state, row)),
    compared: comparedRows(state).length,
    groups: shownGroups(state)?.length ?? null,
    listed: rankingOf(state)?.places.length ?? 0,
    selected: state.view.selection.length,
    vocabulary: seriesOf(state)?.vocab_size ?? 0,
  };
}

/** Saves one file at a time, shows the progress and lets the user cancel. */
@customElement("wordembed-export-entries")
export class ExportEntries extends StateElement(sliceOf) {
  static override styles = css`
    h2 {
      margin: 8px 8px 2px;
      color: var(--muted);
      font-weight: 400;
      font-size: var(--small);
    }
    .entry {
      display: block;
      width: 100%;
      height: auto;
      padding: 4px 8px;
      border: 0;
      background: none;
      text-align: left;
      white-space: normal;
    }
    .entry:hover {
      background: var(--panel);
    }
    small {
      display: block;
      color: var(--muted);
      font-size: var(--small);
    }
    .formats {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto auto;
      align-items: center;
      gap: 4px;
      padding: 0 8px;
      min-height: 28px;
    }
    .formats button {
      height: 24px;
    }
    .note {
      max-width: 264px;
      padding: 4px 8px;
    }
    /* The progress stays in view while the menu scrolls. */
    .status {
      position: sticky;
      bottom: -8px;
      padding: 4px 8px;
      background: var(--raised);
      overflow-wrap: anywhere;
    }
  `;

  /** The source of vectors and web pages; undefined without a server. */
  @property({ attribute: false }) source: FileMaker | undefined;
  @state() private done: string | null = null;
  @state() private problem: string | null = null;
  @state() private work: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.work?.abort();
  }

  protected override render(): TemplateResult {
    return html`${this.map()} ${this.webPage()} ${this.charts()} ${this.tables()} ${this.vectors()}
    ${this.status()}`;
  }

  private map(): TemplateResult | typeof nothing {
    if (!this.slice.hasMap) return nothing;
    const quick = (format: MapFile["format"], name: string, help: string) =>
      entry(name, () => this.leaveFor(new ExportMapEvent({ ...QUICK, format })), help);
    const choose = () => this.leaveFor(new OpenDialogEvent("export"));
    return html`<h2>${text.exportMap}</h2>
      ${quick("png", text.exportPng, text.exportPngHelp)}
      ${quick("svg", text.exportSvg, text.exportSvgHelp)}
      ${this.slice.isSingle ? nothing : quick("gif", text.exportGif, text.exportGifHelp)}
      ${entry(text.exportChoose, choose, text.exportChooseHelp)}`;
  }

  private webPage(): TemplateResult | typeof nothing {
    if (!this.source) return nothing;
    const save = () => this.run((signal) => this.savePage(signal));
    return html`<h2>${text.exportPage}</h2>
      ${entry(text.exportPageEntry, save, text.exportPageHelp)}`;
  }

  private charts(): TemplateResult | typeof nothing {
    const { hasHealth, hasDrift, inspected, isSingle } = this.slice;
    const overSteps: FigureName[] = isSingle ? [] : ["timeline"];
    const names: FigureName[] = hasHealth ? [...overSteps, "health"] : [];
    if (inspected !== null) names.push("token");
    else if (hasDrift) names.push("all_tokens");
    if (!names.length) return nothing;
    const chart = (name: FigureName) => {
      const label = name === "token" ? (inspected ?? "") : text.figureNames[name];
      const save = (format: ImageFormat) => () => this.saveChart(name, format);
      return this.formats(label, { PNG: save("png"), SVG: save("svg") });
    };
    return html`<h2>${text.exportCharts}</h2>${names.map(chart)}`;
  }

  private tables(): TemplateResult {
    const { groups, listed, compared, inspected, hasHealth } = this.slice;
    const csv = (label: string, csvOf: (state: State) => TableFile | null) => {
      const save = async (signal: AbortSignal) => {
        const file = csvOf(this.store.state);
        if (!file) throw new Error(text.notMeasuredYet);
        return saveTable(file, signal);
      };
      return entry(label, () => this.run(save));
    };
    const ofToken = [
      csv(text.exportNeighbors, neighborsCsv),
      csv(text.exportTrajectory(compared), trajectoryCsv),
    ];
    return html`<h2>${text.exportTables}</h2>
      ${groups === null ? nothing : csv(text.exportGroups(groups), tableCsv)}
      ${groups === null && listed ? csv(text.exportTable(listed), tableCsv) : nothing}
      ${inspected === null ? nothing : ofToken}
      ${hasHealth ? csv(text.exportHealth, healthCsv) : nothing}`;
  }

  private vectors(): TemplateResult | typeof nothing {
    if (!this.source) return nothing;
    const { listed, selected, vocabulary } = this.slice;
    const entry = (label: string, rows: () => readonly number[] | null) => {
      const save = (format: VectorFormat) => (signal: AbortSignal) =>
        this.saveVectors(format, rows(), signal);
      return this.formats(label, { ".npz": save("npz"), word2vec: save("word2vec") });
    };
    return html`<h2>${text.exportVectors}</h2>
      ${selected ? entry(text.exportSelected(selected), () => within(this.store.state.view.selection, vocabulary)) : nothing}
      ${listed && listed < vocabulary ? entry(text.exportListed(listed), () => listedRows(this.store.state)) : nothing}
      ${entry(text.exportAll(vocabulary), () => null)}
      <p class="note muted"><small>${text.exportVectorsHelp}</small></p>`;
  }

  private formats(label: string, formats: Readonly<Record<string, Save>>): TemplateResult {
    return html`<div class="formats" role="group" aria-label=${label}>
      <span class="ellipsis" title=${label}>${label}</span>
      ${Object.entries(formats).map(
        ([format, save]) => html`<button
          aria-label="${label}, ${format}"
          @click=${() => this.run(save)}
        >
          ${format}
        </button>`,
      )}
    </div>`;
  }

  private status(): TemplateResult | typeof nothing {
    const { done, problem } = this;
    if (problem !== null) return html`<p class="status problem" role="alert">${problem}</p>`;
    if (done === null) return nothing;
    return html`<div class="status spread muted" role="status">
      <span>${done}</span>
      ${
        this.work
          ? html`<button class="link" @click=${() => this.work?.abort()}>${text.cancel}</button>`
          : nothing
      }
    </div>`;
  }

  /** Runs an export and cancels the one before. */
  private async run(save: Save): Promise<void> {
    this.work?.abort();
    const work = new AbortController();
    this.work = work;
    this.problem = null;
    this.done = text.exporting;
    try {
      const name = await save(work.signal);
      if (!work.signal.aborted) this.done = name && text.saved(name);
    } catch (error) {
      if (work.signal.aborted || isAbort(error)) return;
      this.problem = text.notSaved(error instanceof Error ? error.message : String(error));
    } finally {
      if (this.work === work) {
        this.work = null;
        if (work.signal.aborted) this.done = null;
      }
    }
  }

  private leaveFor(event: Event): void {
    this.closest<Menu>("wordembed-menu")?.close();
    this.dispatchEvent(event);
  }

  private async saveChart(name: FigureName, format: ImageFormat): Promise<string> {
    const { state } = this.store;
    const figure = figureOf(name, state);
    if (figure === null) throw new Error(text.notMeasuredYet);
    const { run = "", tag = "" } = seriesOf(state) ?? {};
    const what = name === "token" ? (this.slice.inspected ?? name) : name;
    return saveFigure(figure, format, [run, tag, what, `step-${stepOf(state)}`]);
  }

  private async savePage(signal: AbortSignal): Promise<string | null> {
    const series = seriesOf(this.store.state);
    if (!series || !this.source) return null;
    const { run, tag } = series;
    const file = await this.source.webPage({ run, tag }, signal, (share) => {
      this.done = text.exportPageWork(share);
    });
    return saved(file, fileName([run, tag], "html"), signal);
  }

  private async saveVectors(
    format: VectorFormat,
    rows: readonly number[] | null,
    signal: AbortSignal,
  ): Promise<string | null> {
    const { state } = this.store;
    const series = seriesOf(state);
    const step = stepOf(state);
    if (!series || step === null || !this.source) return null;
    const { run, tag } = series;
    const name = fileName([run, tag, `step-${step}`], format === "npz" ? "npz" : "txt");
    const ask = { run, tag, step, format };
    const inTable = rows?.map((row) => tableRow(series, row)) ?? null;
    const file = await this.source.vectors(ask, inTable, signal, (read) => {
      this.done = text.exportedBytes(bytes(read));
    });
    return saved(file, name, signal);
  }
}

function entry(name: string, click: () => void, help = ""): TemplateResult {
  return html`<button class="entry" @click=${click}>
    ${name}${help ? html`<small>${help}</small>` : nothing}
  </button>`;
}

/** Lets the browser save a file, unless the export was cancelled; returns the name of the file. */
function saved(file: Blob, name: string, signal: AbortSignal): string | null {
  return signal.aborted ? null : download(file, name);
}
