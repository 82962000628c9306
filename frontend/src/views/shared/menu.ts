/** Shows a button that opens a menu. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { listensTo, PageElement } from "./state_element";

/** A menu that closes on Escape or when the focus leaves it. */
@customElement("wordembed-menu")
export class Menu extends PageElement {
  static override styles = css`
    :host {
      position: relative;
      display: inline-block;
      max-width: 100%;
    }
    .popup {
      top: calc(100% + 4px);
      width: max-content;
      min-width: 160px;
      max-width: var(--popup-width, min(320px, 90vw));
      max-height: min(720px, 84vh);
      overflow: auto;
    }
    :host([up]) .popup {
      top: auto;
      bottom: calc(100% + 4px);
    }
    :host([side="left"]) .popup {
      left: 0;
    }
    :host([side="right"]) .popup {
      right: 0;
    }
    button {
      max-width: 100%;
      white-space: nowrap;
    }
    /* A line of text that opens it. */
    :host([caption]) button {
      height: auto;
      min-height: 24px;
      overflow: hidden;
      padding: 0;
      border: 0;
      background: none;
      color: var(--muted);
      text-align: left;
      text-overflow: ellipsis;
    }
    :host([caption]) button:hover {
      color: var(--text);
      text-decoration: underline;
    }
  `;

  @property({ attribute: false }) label: TemplateResult | string = "";
  /** The accessible name, for a label that is only a sign. */
  @property() name = "";
  @property({ reflect: true }) side: "left" | "right" = "left";
  /** Whether it opens upwards, for a menu at the foot of a view. */
  @property({ type: Boolean, reflect: true }) up = false;
  @state() private open = false;
  @query("button") private button!: HTMLButtonElement;

  constructor() {
    super();
    this.addEventListener("keydown", this.onKey);
    this.addEventListener("focusout", this.onLeave);
    listensTo(this, document, "pointerdown", (press) => {
      if (!press.composedPath().includes(this)) this.open = false;
    });
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.button.focus();
  }

  protected override render(): TemplateResult {
    return html`
      <button
        aria-expanded=${this.open}
        aria-haspopup="true"
        aria-label=${this.name || nothing}
        title=${this.name || nothing}
        @click=${this.onToggle}
      >
        ${this.label}
      </button>
      ${this.open ? html`<div class="popup"><slot></slot></div>` : nothing}
    `;
  }

  private onToggle(): void {
    this.open = !this.open;
    this.dispatchEvent(new CustomEvent("menu-toggle", { detail: this.open }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.open) return;
    this.close();
    event.preventDefault();
    event.stopPropagation();
  };

  private readonly onLeave = ({ relatedTarget }: FocusEvent): void => {
    // If no element takes the focus, the handler of presses decides whether to close. The menu
    // itself stands for its button.
    if (relatedTarget instanceof Node && !this.contains(relatedTarget)) this.open = false;
  };
}
