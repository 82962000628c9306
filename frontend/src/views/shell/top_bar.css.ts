/** Styles the top bar. */

import { css } from "lit";

export const topBarStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    padding: 8px 12px;
    border-bottom: 1px solid var(--hairline);
    background: var(--panel);
  }
  .against {
    display: flex;
    gap: 4px;
    min-width: 0;
  }
  .against select {
    max-width: 88px;
  }
  .size {
    color: var(--muted);
    white-space: nowrap;
  }
  .replaced {
    min-width: 12ch;
  }
  .space {
    flex: 1 0 0;
  }
  .about p + p {
    margin-top: 6px;
  }
  :host([presenting]) :is(.size, .replaced, .history, wordembed-menu, .copy) {
    display: none;
  }
  /* Three pickers of names share one line with the rest. */
  :host([compares]) {
    --name-width: clamp(88px, 9vw, 320px);
  }
  /* Where there is room for the explanation to the right of its ⓘ. */
  @media (min-width: 761px) {
    .about {
      position: relative;
    }
    .about > .popup {
      right: auto;
      left: 0;
      max-width: 340px;
    }
  }
  @media (max-width: 1360px) {
    :host([compares]) .size {
      display: none;
    }
  }
  @media (max-width: 1100px) {
    .size {
      display: none;
    }
    .replaced {
      max-width: 16ch;
    }
    :host {
      gap: 8px;
    }
    button.quiet {
      min-width: 24px;
      padding: 0 4px;
    }
  }
  /* Three pickers have a line of their own. */
  @media (min-width: 761px) and (max-width: 1100px) {
    :host([compares]:not([presenting])) .against {
      flex: 1 0 calc(100% - 320px);
    }
  }
  @media (max-width: 760px) {
    .space {
      display: none;
    }
    :host([compares]) {
      --name-width: clamp(88px, 18vw, 160px);
    }
    .segments button {
      padding: 0 6px;
    }
  }
`;
