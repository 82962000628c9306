/** Styles what every element of the page shares: type, controls and focus. */

import { css, unsafeCSS } from "lit";
import { FAMILY, TYPE } from "./typography";

/** On a 4-pixel grid. */
export const shared = css`
  :host {
    --regular: ${TYPE.regular}px;
    --small: ${TYPE.small}px;
    --tiny: ${TYPE.tiny}px;
    box-sizing: border-box;
    color: var(--text);
    font: 400 var(--regular) / calc(var(--regular) + 4px) ${unsafeCSS(FAMILY)};
    font-variant-numeric: tabular-nums;
  }
  /* As wide as only large screens are, which are looked at from farther away. */
  @media (min-width: 2400px) {
    :host {
      --regular: 15px;
      --small: 13px;
      --tiny: 12px;
    }
  }
  *,
  *::before,
  *::after {
    box-sizing: inherit;
  }
  [hidden] {
    display: none !important;
  }
  h1,
  h2,
  h3,
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
  button,
  input,
  select {
    height: 28px;
    margin: 0;
    padding: 0 8px;
    border: 1px solid var(--control);
    border-radius: 4px;
    background: var(--ground);
    color: inherit;
    font: inherit;
    font-variant-numeric: inherit;
  }
  button {
    cursor: pointer;
  }
  /* What is chosen stays to be seen. */
  button:hover:not(:disabled, [aria-pressed="true"], [aria-selected="true"]),
  select:hover {
    border-color: var(--text);
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
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
  .ellipsis {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  /* Untrusted text: its direction stays its own. */
  .token {
    unicode-bidi: isolate;
  }
  /* Numbers that are about to be replaced, or could not be. */
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
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
