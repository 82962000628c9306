/** Defines the styles that every element of the page shares: type, controls and focus. */

import { css, unsafeCSS } from "lit";
import { FAMILY, TYPE } from "./typography";

export const shared = css`
  :host {
    display: block;
    --regular: ${TYPE.regular}px;
    --small: ${TYPE.small}px;
    --tiny: ${TYPE.tiny}px;
    box-sizing: border-box;
    color: var(--text);
    font: 400 var(--regular) / calc(var(--regular) + 4px) ${unsafeCSS(FAMILY)};
    font-variant-numeric: tabular-nums;
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  [hidden] {
    display: none !important;
  }
  :host,
  * {
    scrollbar-color: var(--line) transparent;
    scrollbar-width: thin;
  }
  h1,
  h2,
  h3,
  h4,
  p {
    margin: 0;
    font: inherit;
  }
  h2 {
    font-weight: 600;
  }
  h3 {
    color: var(--muted);
    font-weight: 500;
  }
  h4 {
    color: var(--muted);
    font-size: var(--small);
  }
  b {
    font-weight: 600;
  }
  ul,
  ol {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  /* Parts side by side. */
  label,
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    color: var(--muted);
    font-weight: 400;
  }
  progress {
    width: 120px;
    accent-color: var(--accent);
  }
  button,
  input,
  select {
    height: var(--control-height, 28px);
    margin: 0;
    padding: 0 8px;
    border: 1px solid var(--control);
    border-radius: 4px;
    background: var(--ground);
    color: inherit;
    font: inherit;
    font-variant-numeric: inherit;
  }
  input[type="checkbox"] {
    width: 16px;
    height: 16px;
    accent-color: var(--accent);
  }
  button {
    cursor: pointer;
  }
  button:hover:not(:disabled, [aria-pressed="true"], [aria-selected="true"]),
  select:hover {
    border-color: var(--text);
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  [aria-pressed="true"] {
    z-index: 1;
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--accent);
  }
  [aria-invalid="true"] {
    border-color: var(--lost);
  }
  button.quiet {
    border-color: transparent;
    background: none;
  }
  button.quiet:hover:not(:disabled) {
    background: var(--raised);
    border-color: var(--hairline);
  }
  button.link {
    height: auto;
    padding: 0;
    border: 0;
    background: none;
    color: var(--accent);
    text-decoration: underline;
    text-underline-offset: 2px;
  }
  ::placeholder {
    color: var(--muted);
    opacity: 1;
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  .muted {
    color: var(--muted);
  }
  .small {
    font-size: var(--small);
  }
  .problem {
    color: var(--lost);
    overflow-wrap: anywhere;
  }
  .ellipsis {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* The writing direction of a token must not change the text around it. */
  .token {
    unicode-bidi: isolate;
  }
  /* A name that is too long is cut at its own end, but starts where others do. */
  [dir="auto"] {
    text-align: left;
  }
  /* Numbers that are out of date because new ones are loading or failed to load. */
  .dims {
    transition: opacity 80ms;
  }
  .dims[aria-busy="true"] {
    opacity: 0.5;
    transition-delay: 200ms;
  }
  .dims[data-stale] {
    opacity: 0.5;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
  /* Where the user's system chooses the colors, those that mean something stay. */
  @media (forced-colors: active) {
    i:empty,
    .ramp,
    .swatch,
    .dot,
    .handle,
    [aria-pressed="true"],
    [aria-selected="true"] {
      forced-color-adjust: none;
    }
  }
  .gained {
    color: var(--gained);
  }
  .lost {
    color: var(--lost);
  }
  /* The color of a compared token. */
  .swatch {
    flex: none;
    width: 10px;
    height: 3px;
    border-radius: 2px;
  }
  /* The color of a saved selection. */
  .dot {
    display: inline-block;
    width: 7px;
    height: 7px;
    margin-right: 4px;
    border-radius: 50%;
  }
  /* Words or a picture alone in the middle. */
  .centered {
    display: grid;
    place-content: center;
    color: var(--muted);
  }
  /* Two parts, one at each end of a line. */
  .spread {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
  }
  /* Buttons side by side that can be pressed. */
  .segments {
    display: flex;
  }
  .segments button {
    min-width: 38px;
    border-radius: 0;
    white-space: nowrap;
  }
  .segments button:first-child {
    border-radius: 4px 0 0 4px;
  }
  .segments button:not(:first-child) {
    margin-left: -1px;
  }
  .segments button:last-child {
    border-radius: 0 4px 4px 0;
  }
  /* A note above the page that does not catch the pointer. */
  .card {
    position: absolute;
    padding: 6px 8px;
    border: 1px solid var(--hairline);
    border-radius: 4px;
    background: var(--raised);
    box-shadow: 0 2px 8px rgb(0 0 0 / 0.15);
    pointer-events: none;
  }
  /* A list of choices that opens above the page. */
  .popup {
    position: absolute;
    z-index: 10;
    padding: 8px;
    border: 1px solid var(--line);
    border-radius: 4px;
    background: var(--raised);
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.2);
  }
  /* A choice in it. */
  .option {
    padding: 4px 12px;
    cursor: pointer;
  }
  .option:hover,
  .option[aria-selected="true"] {
    background: var(--accent-soft);
  }
  /* An ⓘ with an explanation, which opens below it. */
  .about > button {
    width: 22px;
    height: 22px;
    padding: 0;
    color: var(--muted);
  }
  /* Not every font has the letter ⓘ. */
  .about i {
    display: block;
    width: 15px;
    margin: auto;
    border: 1px solid;
    border-radius: 50%;
    font: 600 10px / 13px serif;
  }
  .about > .popup {
    top: 100%;
    right: 0;
    width: max-content;
    max-width: min(340px, 80cqi);
    color: var(--text);
    white-space: normal;
  }
  /* At the end of a line, it is as wide as the line. */
  .spread:has(> .about) {
    position: relative;
  }
  .spread > .about > .popup {
    left: 0;
    width: auto;
    max-width: none;
  }
  .about:not(:hover, :focus-within) > .popup {
    display: none;
  }
  /* The place of what is still loading. */
  .skeleton {
    border-radius: 4px;
    background: var(--hairline);
    opacity: 0.5;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
