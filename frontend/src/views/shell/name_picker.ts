/** Shows the name of the run or the embedding, and lets the user pick another one. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import "../shared/menu";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";
import { byNaturalOrder, foldNames } from "../../util/run_names";
import { dropdown } from "../shared/controls";
import type { Menu } from "../shared/menu";
import { PageElement } from "../shared/state_element";

/** The most names in a dropdown: a list of more names has a search. */
const MOST_IN_DROPDOWN = 8;
const PAGE = 10;

const ordered = memo((names: readonly string[]) => [...names].sort(byNaturalOrder));
const folded = memo(foldNames);

/** A dropdown of a few names, or a list of many names with a search. */
@customElement("wordembed-name-picker")
export class NamePicker extends PageElement {
  static override styles = css`
    :host {
      --popup-width: min(560px, 90vw);
      display: flex;
      align-items: center;
      gap: 6px;
      min-width: 0;
      color: var(--muted);
    }
    label {
      gap: 6px;
      min-width: 0;
    }
    select {
      min-width: 64px;
      max-width: var(--name-width, clamp(120px, 22vw, 440px));
      text-overflow: ellipsis;
    }
    .name {
      display: flex;
      max-width: var(--name-width, clamp(120px, 20vw, 420px));
    }
    .name > :last-child {
      flex: none;
      max-width: 100%;
    }
    input {
      width: 100%;
      min-width: 240px;
    }
    ul {
      max-height: min(480px, 60vh);
      overflow: auto;
      color: var(--text);
    }
    .active {
      outline: 1px solid var(--line);
      outline-offset: -1px;
    }
    /* Out of sight, but still the name of the list. */
    @media (max-width: 1360px) {
      :host([terse]) .what {
        position: absolute;
        clip-path: inset(50%);
      }
    }
    @media (max-width: 1100px) {
      select,
      .name {
        max-width: var(--name-width, clamp(120px, 14vw, 160px));
      }
    }
  `;

  @property({ attribute: false }) names: readonly string[] = [];
  @property() chosen = "";
  /** The first choice, which stands for no name; empty for none. */
  @property() none = "";
  /** What the names are of, such as "Run". */
  @property() label = "";
  /** Whether there is no room for the label in narrow windows. */
  @property({ type: Boolean, reflect: true }) terse = false;
  /** What the search of the list is for. */
  @property() hint = "";
  @property({ attribute: false }) pick: (name: string) => void = () => undefined;
  @state() private words = "";
  /** The place of the name that Enter picks, among those found. */
  @state() private active = 0;
  @query("input") private input!: HTMLInputElement;
  @query("wordembed-menu") private menu!: Menu;

  protected override updated(): void {
    this.renderRoot.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  }

  protected override render(): TemplateResult {
    const names = this.all();
    if (names.length <= MOST_IN_DROPDOWN) {
      return html`<label>
        <span class="what">${this.label}</span>
        ${dropdown(
          names.map((name) => [name, cleanLabel(this.shown(name))]),
          this.chosen,
          this.pick,
          { title: this.chosen || this.none },
        )}
      </label>`;
    }
    return html`
      <span class="what" aria-hidden="true">${this.label}</span>
      <wordembed-menu
        .label=${html`<span class="name">${parts(this.shown(this.chosen))}</span>&nbsp;▾`}
        .name=${`${this.label}: ${cleanLabel(this.chosen || this.none)}`}
        @menu-toggle=${this.onToggle}
      >
        ${this.list(names)}
      </wordembed-menu>
    `;
  }

  private list(names: readonly string[]): TemplateResult {
    const { before, after } = folded(this.names);
    const found = this.found(names);
    return html`
      <input
        type="search"
        role="combobox"
        aria-label=${this.hint}
        aria-expanded="true"
        aria-controls="names"
        aria-activedescendant=${found.length ? `name-${this.active}` : nothing}
        placeholder=${this.hint}
        autocomplete="off"
        spellcheck="false"
        .value=${this.words}
        @input=${this.onInput}
        @keydown=${(event: KeyboardEvent) => this.onKey(event, found)}
      />
      <p class="muted" role="status">
        ${text.namesFound(found.length, names.length)}
        ${before || after ? html` · <span class="token">${cleanLabel(`${before}…${after}`)}</span>` : nothing}
      </p>
      <ul id="names" role="listbox" aria-label=${this.label}>
        ${found.map(
          (name, at) => html`<li
            id="name-${at}"
            role="option"
            class="option ellipsis ${at === this.active ? "active" : ""}"
            aria-selected=${name === this.chosen}
            title=${cleanLabel(name || this.none)}
            @click=${() => this.choose(name)}
          >
            ${parts(this.shown(name))}
          </li>`,
        )}
      </ul>
    `;
  }

  private all(): readonly string[] {
    return [...(this.none ? [""] : []), ...ordered(this.names)];
  }

  private shown(name: string): string {
    return name === "" ? this.none : folded(this.names).short(name);
  }

  private found(names: readonly string[]): readonly string[] {
    const words = this.words.toLowerCase().split(/\s+/);
    return names.filter((name) => words.every((word) => name.toLowerCase().includes(word)));
  }

  private async onToggle(event: CustomEvent<boolean>): Promise<void> {
    if (!event.detail) return;
    this.words = "";
    this.active = Math.max(0, this.all().indexOf(this.chosen));
    await this.menu.updateComplete;
    this.input.focus();
    this.requestUpdate();
  }

  private onInput(): void {
    this.words = this.input.value;
    this.active = 0;
  }

  private onKey(event: KeyboardEvent, found: readonly string[]): void {
    const move = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }[event.key];
    const name = found[this.active];
    if (move !== undefined) {
      this.active = Math.min(Math.max(this.active + move, 0), Math.max(found.length - 1, 0));
    } else if (event.key === "Enter" && name !== undefined) this.choose(name);
    else return;
    event.preventDefault();
  }

  private choose(name: string): void {
    this.menu.close();
    this.pick(name);
  }
}

/** Returns a name with its folders in gray; they are cut first where there is no room. */
function parts(name: string): TemplateResult {
  const cut = name.lastIndexOf("/") + 1;
  const [folders, last] = [name.slice(0, cut), name.slice(cut)].map(cleanLabel);
  return html`${cut ? html`<span class="muted ellipsis">${folders}</span>` : nothing}<span class="ellipsis">${last}</span>`;
}
