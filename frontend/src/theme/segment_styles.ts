/** Styles buttons side by side, of which one is pressed. */

import { css } from "lit";

export const segments = css`
  .segments {
    display: flex;
  }
  .segments button {
    min-width: 40px;
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
  .segments [aria-pressed="true"] {
    z-index: 1;
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--accent);
    font-weight: 600;
  }
`;
