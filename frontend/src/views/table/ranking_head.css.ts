/** Styles the controls above the table. */

import { css } from "lit";

export const headStyles = css`
  :host {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    padding: 8px 12px;
  }
  /* With two runs, more is said: lines of text lie between those of controls. */
  :host([two]) {
    --control-height: 24px;
    gap: 2px 8px;
    padding: 4px 12px;
  }
  select {
    min-width: 0;
    max-width: 100%;
  }
  /* Beside the heading, where that leaves room. */
  h2 + select {
    flex: 1 1 132px;
    max-width: 184px;
  }
  h2 ~ label {
    gap: 4px;
    min-width: 0;
    color: var(--muted);
    white-space: nowrap;
  }
  h2 ~ label select {
    flex: none;
    width: 76px;
  }
  @supports (field-sizing: content) {
    h2 ~ label select {
      width: auto;
      min-width: 76px;
      max-width: 160px;
      field-sizing: content;
    }
  }
  /* Its arrows would take the room of two digits. */
  input[type="number"] {
    width: 52px;
    appearance: textfield;
    text-align: right;
  }
  input::-webkit-inner-spin-button {
    display: none;
  }
  .tools {
    display: grid;
    flex: 1 0 100%;
    row-gap: inherit;
  }
  .only {
    flex-wrap: wrap;
    justify-content: space-between;
  }
  .neighbors {
    margin-top: 4px;
    padding-top: 8px;
    border-top: 1px solid var(--hairline);
  }
  @media (max-width: 760px) {
    .tools,
    .note {
      order: 1;
    }
  }
  .note {
    flex: 1 0 100%;
    min-width: 0;
    color: var(--muted);
  }
`;
