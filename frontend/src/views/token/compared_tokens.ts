/** Shows the compared tokens side by side, each with its color. */

import { css, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { styleMap } from "lit/directives/style-map.js";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { short } from "../../util/number_format";
import { PageElement } from "../shared/page_element";

export interface Compared {
  row: number;
  label: string;
  /** Which of the palette's marks. */
  mark: number;
  drift: number | undefined;
  norm: number | undefined;
}

/** Fires token-pick, token-drop and token-hover. */
@customElement("wordembed-compared-tokens")
export class ComparedTokens extends PageElement {
  static override styles = css`
    table {
      width: 100%;
      border-collapse: collapse;
      table-layout: fixed;
    }
    th {
      color: var(--muted);
      font-weight: 400;
      text-align: right;
    }
    th:first-child {
      text-align: left;
    }
    th:nth-child(n + 2) {
      width: 60px;
    }
    th:last-child {
      width: 24px;
    }
    td {
      height: 24px;
      padding: 0;
      text-align: right;
    }
    tr[aria-current="true"] {
      font-weight: 600;
    }
    .pick {
      display: grid;
      grid-template-columns: 14px minmax(0, 1fr);
      align-items: center;
      width: 100%;
      height: 24px;
      padding: 0;
      font-weight: inherit;
      text-align: left;
    }
    .swatch {
      width: 10px;
      height: 3px;
      border-radius: 2px;
    }
    .drop {
      width: 24px;
      height: 24px;
      padding: 0;
    }
  `;

  @property({ attribute: false }) tokens: readonly Compared[] = [];
  @property({ attribute: false }) inspected: number | null = null;
  /** How many more are selected. */
  @property({ type: Number }) others = 0;
  @property() measure = "";

  protected override render(): TemplateResult {
    return html`<table>
        <thead>
          <tr>
            <th scope="col">${text.comparedTokens(this.tokens.length, this.others)}</th>
            <th scope="col" class="ellipsis" title=${this.measure}>${text.driftHead}</th>
            <th scope="col">${text.normOverSteps}</th>
            <th><span class="visually-hidden">${text.removeToken}</span></th>
          </tr>
        </thead>
        <tbody>
          ${this.tokens.map((token) => this.line(token))}
        </tbody>
      </table>`;
  }

  private line({ row, label, mark, drift, norm }: Compared): TemplateResult {
    const name = cleanLabel(label);
    const color = { background: `var(--marks-${mark})` };
    return html`<tr
      aria-current=${row === this.inspected}
      @mouseenter=${() => this.tell("token-hover", row)}
      @mouseleave=${() => this.tell("token-hover", null)}
    >
      <td>
        <button class="quiet pick" title=${name} @click=${() => this.tell("token-pick", row)}>
          <i class="swatch" style=${styleMap(color)}></i><span class="token ellipsis">${name}</span>
        </button>
      </td>
      <td>${short(drift)}</td>
      <td>${short(norm)}</td>
      <td>
        <button
          class="quiet drop"
          aria-label="${text.removeToken} ${name}"
          title=${text.removeToken}
          @click=${() => this.tell("token-drop", row)}
        >
          ×
        </button>
      </td>
    </tr>`;
  }

  private tell(name: "token-pick" | "token-drop" | "token-hover", row: number | null): void {
    this.dispatchEvent(new CustomEvent(name, { detail: row }));
  }
}
