/** Styles the search. */

import { css } from "lit";

export const searchStyles = css`
  :host {
    position: relative;
    flex: 1 1 120px;
    min-width: 100px;
    max-width: 240px;
  }
  input {
    width: 100%;
  }
  .popup {
    top: 32px;
    right: 0;
    width: max(100%, 288px);
    padding: 8px 0;
  }
  .status,
  .popup p {
    padding: 0 12px;
  }
  .status {
    gap: 12px;
    margin-bottom: 4px;
  }
  .status button {
    flex: none;
  }
  .option {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 8px;
  }
  .syntax {
    margin-top: 4px;
  }
`;
