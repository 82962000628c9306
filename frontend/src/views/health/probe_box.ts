/** Lets the user type, paste, choose or drop a probe. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { addProbe } from "../../state/actions";
import { text } from "../../strings";
import { bytes } from "../../util/number_format";
import { StateElement } from "../shared/state_element";
import { panelStyles } from "./health.css";

/** The largest file: the server takes about four times as much of what is posted. */
const MOST_BYTES = 4 * 2 ** 20;

@customElement("wordembed-probe-box")
export class ProbeBox extends StateElement(() => ({})) {
  static override styles = [
    panelStyles,
    css`
      :host {
        display: contents;
      }
      .input {
        grid-row: 2 / span 2;
      }
      textarea {
        width: 100%;
        height: 72px;
        margin-top: 4px;
        padding: 4px 8px;
        border: 1px solid var(--control);
        border-radius: 4px;
        background: var(--ground);
        color: inherit;
        font: var(--small) / 16px ui-monospace, monospace;
        resize: vertical;
      }
      .row {
        margin: 4px 0;
      }
    `,
  ];

  @state() private draft = "";
  @state() private problem = "";
  @query("input") private chooser!: HTMLInputElement;

  protected override render(): TemplateResult {
    return html`<h3>${text.probe}</h3>
      <div class="input"><textarea
        aria-label=${text.probeWords}
        placeholder=${text.probeHint}
        spellcheck="false"
        .value=${this.draft}
        @input=${this.onInput}
        @dragover=${(event: Event) => event.preventDefault()}
        @drop=${this.onDrop}
      ></textarea>
      <div class="row">
        <button ?disabled=${!this.draft.trim()} @click=${this.onScore}>${text.probeScore}</button>
        <button @click=${() => this.chooser.click()}>${text.probeFile}</button>
        <input type="file" hidden aria-label=${text.probeFile} @change=${() => this.read(this.chooser.files?.[0])} />
      </div>
      </div>
      <p>
        ${this.problem ? html`<span class="problem" role="alert">${this.problem}</span> ` : nothing}${text.probeHelp}
      </p>`;
  }

  private onInput(event: Event): void {
    this.draft = (event.target as HTMLTextAreaElement).value;
  }

  private onScore(): void {
    this.act(addProbe({ name: "", text: this.draft.trim() }));
    this.draft = "";
  }

  private onDrop(event: DragEvent): void {
    const file = event.dataTransfer?.files[0];
    if (!file) return;
    event.preventDefault();
    void this.read(file);
  }

  private async read(file: File | undefined): Promise<void> {
    if (!file) return;
    const isTooLarge = file.size > MOST_BYTES;
    this.problem = isTooLarge ? text.probeTooLarge(bytes(file.size), bytes(MOST_BYTES)) : "";
    if (!isTooLarge) this.act(addProbe({ name: file.name, text: await file.text() }));
    this.chooser.value = "";
  }
}
