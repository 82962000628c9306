/** Shows the dialog that saves the map as a picture, a drawing or a film, with a preview. */

import { css, html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { live } from "lit/directives/live.js";
import { seriesOf } from "../../state/current";
import type { Store } from "../../state/store";
import { text } from "../../strings";
import { count } from "../../util/number_format";
import { checkbox, dropdown, segments } from "../shared/controls";
import { DialogElement } from "../shared/dialog";
import {
  ExportMapEvent,
  type MapFile,
  type Preview,
  QUICK,
  stepsOf,
} from "../shared/export_map_event";

const FORMATS = ["png", "svg", "gif"] as const;
const THEMES = ["light", "dark"] as const;
const SIZES = ["screen", "1080p", "4k"] as const;
const FASTEST_SECONDS = 0.1;
const SLOWEST_SECONDS = 20;

@customElement("wordembed-export-dialog")
export class ExportDialog extends DialogElement {
  static override styles = css`
    dialog {
      width: min(860px, 100vw - 32px);
    }
    .columns {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 260px;
      gap: 16px;
    }
    .preview {
      min-height: 280px;
      border: 1px solid var(--hairline);
      border-radius: 4px;
      background: var(--panel);
    }
    .preview[aria-busy="true"] canvas {
      opacity: 0.5;
    }
    canvas {
      max-width: 100%;
      max-height: min(480px, 60vh);
    }
    .form {
      display: grid;
      align-content: start;
      gap: 12px;
    }
    .form > :is(label, div) {
      display: grid;
      grid-template-columns: 84px minmax(0, 1fr);
      align-items: center;
      gap: 8px;
      color: var(--muted);
    }
    .segments button {
      flex: 1;
    }
    .segments {
      color: var(--text);
    }
    input[type="checkbox"] {
      order: 1;
    }
    .steps {
      gap: 4px;
    }
    .steps select {
      flex: 1;
      min-width: 0;
    }
    input[type="number"] {
      width: 72px;
    }
    .primary {
      justify-self: end;
      padding: 0 20px;
      border-color: var(--accent);
      background: var(--accent-soft);
      font-weight: 600;
    }
    @media (max-width: 700px) {
      .columns {
        grid-template-columns: minmax(0, 1fr);
      }
      .preview {
        min-height: 200px;
      }
      canvas {
        max-height: 34vh;
      }
    }
  `;

  @property({ attribute: false }) store!: Store;
  @state() private file: MapFile = QUICK;
  @state() private preview: Preview | null = null;
  @state() private waiting = true;

  protected override readonly heading = text.exportDialog;

  protected override updated(changed: PropertyValues): void {
    if (!changed.has("file")) return;
    this.waiting = true;
    this.dispatchEvent(
      new ExportMapEvent(this.file, (preview) => {
        this.preview = preview;
        this.waiting = false;
      }),
    );
  }

  protected override content(): TemplateResult {
    return html`<div class="columns">
      <div class="preview centered" aria-busy=${this.waiting} aria-label=${text.exportPreview} role="img">
        ${this.preview?.picture ?? `${text.loading}…`}
      </div>
      <form class="form" @submit=${this.onSave}>
        ${this.choice(text.exportFormat, FORMATS, this.file.format, (format) => this.formatted(format))}
        ${this.sizes()}
        ${this.choice(text.exportTheme, THEMES, this.theme, (theme) => ({ theme }))}
        ${this.check(text.exportLegend, "legend")} ${this.check(text.exportLabels, "labels")}
        ${this.file.format === "gif" ? this.film() : nothing}
        <p class="muted" role="status">${this.said()}</p>
        <button class="primary">${text.save}</button>
      </form>
    </div>`;
  }

  private get steps(): readonly number[] {
    return seriesOf(this.store.state)?.steps ?? [];
  }

  private get theme(): "light" | "dark" {
    return this.file.theme ?? this.store.state.passing.theme;
  }

  private choice<T extends string>(
    label: string,
    all: readonly T[],
    chosen: T,
    change: (one: T) => Partial<MapFile>,
  ): TemplateResult {
    const isDisabled = (one: T) => one === "gif" && this.steps.length < 2;
    const options = all.map(
      (one) => [one, text.exportNames[one] ?? one.toUpperCase(), "", isDisabled(one)] as const,
    );
    return html`<div>
      ${label} ${segments(options, chosen, (one) => this.change(change(one)), label)}
    </div>`;
  }

  /** A film is large: it has no more pixels than a screen. */
  private formatted(format: MapFile["format"]): Partial<MapFile> {
    const isTooLarge = format === "gif" && this.file.size === "4k";
    return isTooLarge ? { format, size: "1080p" } : { format };
  }

  private sizes(): TemplateResult {
    const isFilm = this.file.format === "gif";
    return html`<label>
      ${text.size}
      ${dropdown(
        SIZES.map((size) => [size, text.exportSizes[size], isFilm && size === "4k"]),
        this.file.size,
        (size) => this.change({ size: size as MapFile["size"] }),
      )}
    </label>`;
  }

  private check(label: string, field: "legend" | "labels"): TemplateResult {
    const checked = this.file[field];
    return checkbox(label, checked, () => this.change({ [field]: !checked }));
  }

  private film(): TemplateResult {
    const { from, to, stepSeconds } = this.file;
    const { steps } = this;
    const options = steps.map((step): [string, string] => [String(step), count(step)]);
    const choose = (chosen: number | undefined, label: string, change: (step: number) => object) =>
      dropdown(options, String(chosen), (step) => this.change(change(Number(step))), { label });
    return html`<div>
        ${text.exportSteps}
        <span class="steps row">
          ${choose(from ?? steps[0], text.fromStep, (step) => ({
            from: step,
            to: to !== null && to < step ? step : to,
          }))}
          –
          ${choose(to ?? steps.at(-1), text.toStep, (step) => ({
            to: step,
            from: from !== null && from > step ? step : from,
          }))}
        </span>
      </div>
      <label>
        ${text.exportSeconds}
        <input
          type="number"
          min=${FASTEST_SECONDS}
          max=${SLOWEST_SECONDS}
          step="any"
          required
          .value=${live(String(stepSeconds))}
          @change=${this.onSeconds}
        />
      </label>`;
  }

  private said(): string {
    const { file, preview } = this;
    const { format, stepSeconds } = file;
    if (!preview || this.waiting) return `${text.loading}…`;
    const pixels = text.exportPixels(preview.width, preview.height);
    if (format !== "gif") return format === "svg" ? text.exportSvgHelp : pixels;
    const { length } = stepsOf(file, this.steps);
    return `${pixels} · ${text.exportLasts(length, length * stepSeconds)}`;
  }

  private change(change: Partial<MapFile>): void {
    this.file = { ...this.file, ...change };
  }

  private onSeconds(event: Event): void {
    const { valueAsNumber, validity } = event.target as HTMLInputElement;
    if (validity.valid) this.change({ stepSeconds: valueAsNumber });
    else this.requestUpdate();
  }

  private onSave(event: Event): void {
    event.preventDefault();
    this.dispatchEvent(new ExportMapEvent(this.file));
    this.close();
  }
}
