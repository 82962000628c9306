/** Draws the controls that several parts of the page have. */

import { html, nothing, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { text } from "../../strings";

/** Returns a checkbox; a click on it or on its words calls `toggle`. */
export function checkbox(
  words: TemplateResult | string,
  checked: boolean,
  toggle: () => void,
  { title = "", disabled = false } = {},
): TemplateResult {
  return html`<label title=${title || nothing}>
    <input type="checkbox" ?disabled=${disabled} .checked=${live(checked)} @change=${toggle} />
    ${words}
  </label>`;
}

type Option = readonly [value: string, words: string, disabled?: boolean];

/** Returns a select with the chosen option selected; calls `choose` with a newly chosen value. */
export function dropdown(
  options: readonly Option[],
  chosen: string,
  choose: (value: string) => void,
  { label = "", title = "" } = {},
): TemplateResult {
  return html`<select
    aria-label=${label || nothing}
    title=${title || nothing}
    ?disabled=${!options.length}
    @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}
  >
    ${options.map(
      ([value, words, disabled = false]) =>
        html`<option value=${value} ?disabled=${disabled} .selected=${live(value === chosen)}>${words}</option>`,
    )}
  </select>`;
}

type Segment<T> = readonly [value: T, words: string, title?: string, disabled?: boolean];

/** Returns buttons side by side, the chosen one pressed; calls `choose` with a newly chosen value. */
export function segments<T>(
  options: readonly Segment<T>[],
  chosen: T,
  choose: (value: T) => void,
  label = "",
): TemplateResult {
  const button = ([value, words, title = "", disabled = false]: Segment<T>) => html`<button
    type="button"
    aria-pressed=${value === chosen}
    title=${title || nothing}
    ?disabled=${disabled}
    @click=${() => choose(value)}
  >
    ${words}
  </button>`;
  return html`<div class="segments" role=${label ? "group" : nothing} aria-label=${label || nothing}>
    ${options.map(button)}
  </div>`;
}

/** Returns a button with a sign; its name is read out by screen readers, and is its tooltip unless there is a title. */
export function signButton(
  sign: TemplateResult | string,
  name: string,
  click: () => void,
  { kind = "quiet", title = name, disabled = false, pressed = null as boolean | null } = {},
): TemplateResult {
  return html`<button
    class=${kind}
    aria-label=${name}
    aria-pressed=${pressed ?? nothing}
    title=${title}
    ?disabled=${disabled}
    @click=${click}
  >
    ${sign}
  </button>`;
}

/** Returns the progress of work, 0..1. */
export function progressBar(share: number, name: string = text.measuring): TemplateResult {
  return html`<progress max="1" .value=${share} aria-label=${name} title=${name}></progress>`;
}

/** Returns an ⓘ and its explanation, which opens when the ⓘ is clicked, focused or pointed at. */
export function about(name: string, explanation: TemplateResult): TemplateResult {
  return html`<span class="about" @keydown=${closeOnEscape}>
    <button class="quiet" aria-label=${name} aria-describedby="about" @click=${takeFocus}><i aria-hidden="true">i</i></button>
    <div class="popup" id="about" role="tooltip">${explanation}</div>
  </span>`;
}

/** Returns the place of the choice that an arrow key leads to, from the end of a list to its start; -1 for none. */
export function movedBy(key: "ArrowDown" | "ArrowUp", active: number, length: number): number {
  const offset = key === "ArrowDown" ? 1 : -1;
  const from = active < 0 && offset < 0 ? 0 : active;
  return length ? (from + offset + length) % length : -1;
}

/** Gives a clicked button the focus, which not every browser does. */
function takeFocus({ currentTarget }: Event): void {
  (currentTarget as HTMLElement).focus();
}

function closeOnEscape(event: KeyboardEvent): void {
  if (event.key !== "Escape") return;
  (event.target as HTMLElement).blur();
  event.preventDefault();
}
