/** Shows the list of keys. */

import { css, html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { text } from "../../strings";
import { KEYS } from "../../strings/keys";
import { DialogElement } from "../shared/dialog";

@customElement("wordembed-help-dialog")
export class HelpDialog extends DialogElement {
  static override styles = css`
    .groups {
      columns: 2 264px;
      column-gap: 24px;
    }
    section {
      break-inside: avoid;
      margin-bottom: 12px;
    }
    dl {
      display: grid;
      grid-template-columns: 108px minmax(0, 1fr);
      gap: 4px 8px;
      margin: 4px 0 0;
    }
    dd {
      margin: 0;
    }
    kbd {
      padding: 0 4px;
      border: 1px solid var(--line);
      border-radius: 4px;
      background: var(--panel);
      font: inherit;
      white-space: nowrap;
    }
  `;

  protected override readonly heading = text.keys;

  protected override content(): TemplateResult {
    return html`<div class="groups">
      ${KEYS.map(
        ({ where, keys }) => html`<section>
          <h3>${where}</h3>
          <dl>
            ${keys.map(([key, what]) => html`<dt><kbd>${key}</kbd></dt><dd>${what}</dd>`)}
          </dl>
        </section>`,
      )}
    </div>`;
  }
}
