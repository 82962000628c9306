/** Styles type, controls and focus of the whole page. */

import { css, unsafeCSS } from "lit";
import { FAMILY, TYPE } from "./palette";

export const controlStyles = css`
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
    color: var(--text);
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
  /* What can be pressed is at least so high. */
  label {
    min-height: 24px;
  }
  table {
    width: 100%;
    border-collapse: collapse;
  }
  th {
    color: var(--muted);
    font-weight: 400;
  }
  /* Names, and numbers beside them. */
  .numbers :is(th, td) {
    padding: 0 0 0 8px;
    text-align: right;
  }
  .numbers :is(th, td):first-child {
    padding: 0;
    text-align: left;
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
    color: var(--text);
    font: inherit;
    font-variant-numeric: inherit;
  }
  input[type="checkbox"] {
    width: 16px;
    height: 16px;
    accent-color: var(--accent);
  }
  button {
    color: inherit;
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
`;
