/** Styles menus: small heads, and entries as wide as the menu. */

import { css } from "lit";

export const entries = css`
  :host {
    display: block;
  }
  h4 {
    margin: 8px 8px 2px;
    color: var(--muted);
    font: inherit;
    font-size: var(--small);
  }
  .entry {
    display: block;
    width: 100%;
    height: auto;
    padding: 4px 8px;
    border: 0;
    background: none;
    text-align: left;
    white-space: normal;
  }
  .entry:hover:not(:disabled) {
    background: var(--panel);
  }
  .entry small {
    display: block;
    color: var(--muted);
    font-size: var(--small);
  }
  /* What is saved as one file or another. */
  .files {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto auto;
    align-items: center;
    gap: 4px;
    padding: 0 8px;
    min-height: 28px;
  }
  .files button {
    height: 24px;
  }
`;
