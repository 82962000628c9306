/** Shows a dialog above the page. */

import { type CSSResultGroup, type CSSResultOrNative, css, html, type TemplateResult } from "lit";
import { query } from "lit/decorators.js";
import { text } from "../../strings";
import { signButton } from "./controls";
import { PageElement } from "./state_element";

const dialogStyles = css`
  dialog {
    width: min(620px, 100vw - 32px);
    max-height: calc(100vh - 32px);
    padding: 0;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--raised);
    color: var(--text);
    box-shadow: 0 8px 32px rgb(0 0 0 / 0.3);
  }
  dialog::backdrop {
    background: rgb(0 0 0 / 0.4);
  }
  header {
    padding: 12px 12px 4px 16px;
  }
  h2 {
    font-size: 16px;
    line-height: 24px;
  }
  header button {
    width: 28px;
    padding: 0;
    font-size: 16px;
  }
  .content {
    padding: 4px 16px 16px;
  }
`;

/** A dialog that Escape, its close button or a press outside of it closes. */
export abstract class DialogElement extends PageElement {
  protected static override finalizeStyles(own: CSSResultGroup = []): CSSResultOrNative[] {
    return PageElement.finalizeStyles([dialogStyles, own]);
  }

  @query("dialog") private dialog!: HTMLDialogElement;

  protected abstract readonly heading: string;
  protected abstract content(): TemplateResult;

  protected override firstUpdated(): void {
    this.dialog.showModal();
  }

  protected override render(): TemplateResult {
    return html`<dialog
      aria-labelledby="heading"
      @close=${() => this.remove()}
      @click=${this.onOwn}
      @cancel=${this.onOwn}
      @keydown=${(event: Event) => event.stopPropagation()}
    >
      <header class="spread">
        <h2 id="heading">${this.heading}</h2>
        ${signButton("×", text.closeDialog, () => this.close())}
      </header>
      <div class="content">${this.content()}</div>
    </dialog>`;
  }

  /** Closes the dialog and removes it at once, as the page opens no other one while it exists. */
  protected close(): void {
    this.dialog.close();
    this.remove();
  }

  /** Closes the dialog on Escape and on a click on its backdrop: events with the dialog as target. */
  private onOwn(event: Event): void {
    if (event.target === this.dialog) this.close();
  }
}

export type DialogName = "help" | "bookmarks" | "export";

/** Asks the page to open a dialog. */
export class OpenDialogEvent extends Event {
  constructor(readonly dialog: DialogName) {
    super("open-dialog", { bubbles: true, composed: true });
  }
}
