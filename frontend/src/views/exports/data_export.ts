/** Shows the entries of the export menu that save tables and vectors as files. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { isAbort, type VectorSource } from "../../api/data_source";
import { comparedRows } from "../../selectors/compared_tokens";
import { healthOf } from "../../selectors/health";
import { labelsOf } from "../../selectors/labels";
import { rankingOf } from "../../selectors/table_order";
import { inspectedRow, seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { text } from "../../strings";
import {
  healthCsv,
  neighborsCsv,
  type TableFile,
  tableCsv,
  trajectoryCsv,
} from "../../table_export/csv_files";
import { entries } from "../../theme/menu_styles";
import { blobOf, download } from "../../util/download";
import { fileName } from "../../util/file_name";
import { bytes } from "../../util/number_format";
import { StateElement } from "../shared/state_element";

type VectorFormat = "npz" | "word2vec";

function sliceOf(current: State) {
  const row = inspectedRow(current);
  return {
    listed: rankingOf(current)?.places.length ?? 0,
    selected: current.view.selection.length,
    compared: comparedRows(current).length,
    vocabulary: seriesOf(current)?.vocab_size ?? 0,
    hasHealth: healthOf(current) !== null,
    inspected: row === null ? null : (labelsOf(current)[row] ?? `#${row}`),
  };
}

/** What takes a while says how far it is, and can be ended. */
@customElement("wordembed-data-export")
export class DataExport extends StateElement(sliceOf) {
  static override styles = [
    entries,
    css`
      .work {
        display: flex;
        justify-content: space-between;
        gap: 8px;
        padding: 4px 8px;
      }
      .note {
        max-width: 264px;
        padding: 4px 8px;
        color: var(--muted);
        font-size: var(--small);
      }
      .problem {
        padding: 4px 8px;
        color: var(--lost);
      }
    `,
  ];

  /** Where vectors come from; nowhere without a server. */
  @property({ attribute: false }) source: VectorSource | undefined;
  @state() private done: string | null = null;
  @state() private problem: string | null = null;
  private work: AbortController | null = null;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.work?.abort();
  }

  protected override render(): TemplateResult {
    const { listed, selected, compared, vocabulary, inspected, hasHealth } = this.slice;
    return html`
      <h4>${text.exportTables}</h4>
      ${listed ? this.table(text.exportTable(listed), tableCsv) : nothing}
      ${
        inspected === null
          ? nothing
          : [
              this.table(text.exportNeighbors, neighborsCsv),
              this.table(text.exportTrajectory(compared), trajectoryCsv),
            ]
      }
      ${hasHealth ? this.table(text.exportHealth, healthCsv) : nothing}
      ${
        this.source
          ? html`<h4>${text.exportVectors}</h4>
              ${selected ? this.vectors(text.exportSelected(selected), () => this.selectedRows()) : nothing}
              ${listed && listed < vocabulary ? this.vectors(text.exportListed(listed), () => this.listedRows()) : nothing}
              ${this.vectors(text.exportAll(vocabulary), () => null)}
              <p class="note">${text.exportVectorsHelp}</p>`
          : nothing
      }
      ${this.status()}
    `;
  }

  private table(label: string, csvOf: (state: State) => TableFile | null): TemplateResult {
    const make = async (signal: AbortSignal) => {
      const made = csvOf(this.store.state);
      if (!made) throw new Error(text.notMeasuredYet);
      const file = await blobOf(made.pieces, "text/csv;charset=utf-8", signal);
      return file && { file, name: made.name };
    };
    return html`<button class="entry" @click=${() => this.run(make)}>${label}</button>`;
  }

  private vectors(label: string, rows: () => number[] | null): TemplateResult {
    const button = (format: VectorFormat, name: string) => html`<button
      aria-label="${label}, ${name}"
      @click=${() => this.run((signal) => this.fetch(format, rows(), signal))}
    >
      ${name}
    </button>`;
    return html`<div class="files" role="group" aria-label=${label}>
      <span>${label}</span>${button("npz", ".npz")}${button("word2vec", "word2vec")}
    </div>`;
  }

  private status(): TemplateResult | typeof nothing {
    const { done, problem } = this;
    if (problem !== null) return html`<p class="problem" role="alert">${problem}</p>`;
    if (done === null) return nothing;
    return html`<div class="work muted" role="status">
      <span>${done}</span>
      ${
        this.work
          ? html`<button class="link" @click=${() => this.work?.abort()}>${text.cancelWork}</button>`
          : nothing
      }
    </div>`;
  }

  /** One file at a time; asking for another ends the one before. */
  private async run(
    make: (signal: AbortSignal) => Promise<{ file: Blob; name: string } | null>,
  ): Promise<void> {
    this.work?.abort();
    const work = new AbortController();
    this.work = work;
    this.problem = null;
    this.done = text.exporting;
    try {
      const made = await make(work.signal);
      if (work.signal.aborted) return;
      if (made) download(made.file, made.name);
      this.done = made && text.exported(made.name);
    } catch (error) {
      if (work.signal.aborted || isAbort(error)) return;
      this.problem = text.exportFailed(error instanceof Error ? error.message : String(error));
    } finally {
      if (this.work === work) {
        this.work = null;
        if (work.signal.aborted) this.done = null;
        this.requestUpdate();
      }
    }
  }

  private async fetch(format: VectorFormat, rows: readonly number[] | null, signal: AbortSignal) {
    const { state } = this.store;
    const series = seriesOf(state);
    const step = stepOf(state);
    if (!series || step === null || !this.source) return null;
    const { run, tag } = series;
    const name = fileName([run, tag, `step-${step}`], format === "npz" ? "npz" : "txt");
    const file = await this.source.vectors({ run, tag, step, format }, rows, signal, (read) => {
      this.done = text.exportedBytes(bytes(read));
    });
    return { file, name };
  }

  private selectedRows(): number[] {
    const rows = this.slice.vocabulary;
    return this.store.state.view.selection.filter((row) => row < rows);
  }

  private listedRows(): number[] {
    const ranking = rankingOf(this.store.state);
    return Array.from(ranking?.places ?? [], (place) => ranking?.order[place] ?? 0);
  }
}
