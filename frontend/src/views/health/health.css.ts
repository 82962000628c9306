/** Styles the Health view. */

import { css } from "lit";

/** The styles of what stands in the place of a panel. */
export const panelStyles = css`
  h3 {
    color: var(--text);
    font-weight: 600;
  }
  p {
    color: var(--muted);
    font-size: var(--small);
    line-height: 14px;
  }
`;

export const healthStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    max-height: var(--health-height, 52vh);
    overflow: hidden;
    border-top: 1px solid var(--hairline);
    background: var(--panel);
  }
  .bar {
    position: relative;
    flex: none;
    gap: 16px;
    height: 32px;
    padding: 0 12px 0 4px;
    overflow: hidden;
    white-space: nowrap;
  }
  .toggle {
    flex: none;
    height: 24px;
    font-weight: 600;
  }
  /* A click anywhere on the bar opens or closes the view. */
  .toggle::after {
    position: absolute;
    inset: 0;
    content: "";
  }
  progress {
    flex: none;
  }
  .edge {
    position: absolute;
    z-index: 1;
    inset: 0 0 auto;
    height: 6px;
    cursor: row-resize;
    touch-action: none;
  }
  /* The handle. */
  .edge::after {
    position: absolute;
    top: 2px;
    left: calc(50% - 16px);
    width: 32px;
    height: 3px;
    border-radius: 2px;
    background: var(--control);
    content: "";
  }
  .edge:is(:hover, :focus-visible) {
    border-top: 2px solid var(--accent);
    outline: none;
  }
  .toggle:focus-visible {
    outline-offset: -2px;
  }
  .bar > .link {
    position: relative;
    display: flex;
    gap: 6px;
    align-items: baseline;
    min-width: 0;
    max-width: 40%;
    color: var(--text);
    text-decoration: none;
  }
  .bar .sentence {
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .bar > .link:hover .sentence {
    text-decoration: underline;
  }
  .bar > .more {
    flex: none;
    color: var(--muted);
  }
  /* Measures that do not fit wrap to a second line, which is hidden. */
  .glances {
    display: flex;
    flex: 1 1 0;
    flex-wrap: wrap;
    justify-content: flex-end;
    gap: 8px 20px;
    height: 20px;
    overflow: hidden;
    line-height: 20px;
  }
  .glances span {
    display: flex;
    gap: 6px;
    color: var(--muted);
  }
  .glances svg {
    width: 44px;
    height: 16px;
    margin-top: 2px;
  }
  .body {
    padding: 0 12px 8px;
    overflow: auto;
    overscroll-behavior: contain;
  }
  /* Above the rest of the bar, which a click closes. */
  .bar .segments {
    position: relative;
  }
  .bar .segments button {
    height: 24px;
  }
  .body .segments {
    margin-bottom: 6px;
  }
  .panels {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(248px, 1fr));
    gap: 12px 16px;
  }
  section {
    display: grid;
    grid-row: span 4;
    grid-template-rows: subgrid;
    row-gap: 0;
    margin: -2px -4px;
    padding: 2px 4px;
    border-radius: 4px;
  }
  /* It is as high as two panels, so that those beside it stay as they are. */
  .tall {
    grid-row: span 8;
    grid-template-columns: minmax(0, 1fr);
  }
  section[data-shown] {
    outline: 2px solid var(--accent);
  }
  h3 button {
    height: 18px;
  }
  .readings {
    display: flex;
    flex-wrap: wrap;
    gap: 0 8px;
    min-height: 16px;
    color: var(--text);
    font-size: var(--small);
    line-height: 16px;
  }
  /* The largest value is hidden where there is no room for it. */
  .readings[data-one-line] {
    height: 16px;
    overflow: hidden;
  }
  section .problem {
    grid-row: 2 / span 3;
  }
  .skeleton {
    height: 150px;
  }
  @media (max-width: 760px) {
    :host {
      max-height: none;
    }
    .bar {
      display: none;
    }
    .body {
      padding-top: 8px;
    }
    .panels {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
`;
