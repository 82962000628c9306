/** Shows code examples that write to a log without embeddings. */

import { css, html, type TemplateResult } from "lit";
import { customElement, state } from "lit/decorators.js";
import { text } from "../../strings";
import { SNIPPETS } from "../../strings/snippets";
import { copyText } from "../shared/clipboard";
import { PageElement } from "../shared/state_element";

const COPIED_MS = 1500;

@customElement("wordembed-empty")
export class EmptyLog extends PageElement {
  static override styles = css`
    :host {
      overflow: auto;
      padding: 48px 24px;
    }
    main {
      max-width: 680px;
      margin: 0 auto;
    }
    h1 {
      margin: 0 0 8px;
      font-size: 20px;
      font-weight: 600;
      line-height: 28px;
    }
    main > p {
      margin-bottom: 4px;
      overflow-wrap: anywhere;
    }
    section {
      margin-top: 20px;
    }
    .heading {
      margin-bottom: 4px;
    }
    h2 {
      font-size: 13px;
    }
    pre {
      margin: 0;
      padding: 12px 16px;
      overflow-x: auto;
      border: 1px solid var(--hairline);
      border-radius: 4px;
      background: var(--panel);
      font: 12px/20px ui-monospace, "SF Mono", Menlo, Consolas, monospace;
    }
  `;

  @state() private copied = -1;

  protected override render(): TemplateResult {
    return html`<main>
      <h1>${text.emptyTitle}</h1>
      <p class="muted">${text.emptyNext}</p>
      <p class="muted">${text.emptyHow}</p>
      ${SNIPPETS.map(
        ({ name, code }, at) => html`<section>
          <div class="heading spread">
            <h2>${name}</h2>
            <button @click=${() => this.copy(at, code)}>${this.copied === at ? text.copied : text.copy}</button>
          </div>
          <pre tabindex="0"><code>${code}</code></pre>
        </section>`,
      )}
    </main>`;
  }

  private async copy(at: number, code: string): Promise<void> {
    await copyText(code);
    this.copied = at;
    setTimeout(() => {
      if (this.copied === at) this.copied = -1;
    }, COPIED_MS);
  }
}
