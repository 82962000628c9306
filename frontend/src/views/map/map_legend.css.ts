/** Styles the legend of the map. */

import { css } from "lit";

export const legendStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    width: max-content;
    min-width: calc(15.3 * var(--small));
    max-width: min(22 * var(--small), 100% - 24px);
    padding: 6px 8px;
    border: 1px solid var(--hairline);
    border-radius: 4px;
    font-size: var(--small);
    line-height: 16px;
  }
  .fold {
    width: calc(100% + 16px);
    height: 24px;
    margin: -6px -8px;
    padding: 0 8px;
    font-size: var(--small);
  }
  .small {
    flex: 1;
    width: auto;
    min-width: 48px;
    height: 6px;
    border-radius: 2px;
  }
  .close {
    position: absolute;
    z-index: 1;
    top: 2px;
    right: 2px;
    width: 20px;
    height: 20px;
    padding: 0;
    color: var(--muted);
    font-size: var(--small);
  }
  .choices {
    display: grid;
    grid-template-columns: max-content minmax(0, 1fr);
    align-items: center;
    gap: 2px 6px;
    margin-right: 14px;
    color: var(--muted);
  }
  .choices label {
    display: contents;
  }
  select {
    width: 100%;
    min-width: 0;
    height: 22px;
    padding-block: 0;
    border-color: transparent;
    background-color: transparent;
    color: var(--text);
    font-size: var(--regular);
    text-overflow: ellipsis;
  }
  select:hover {
    border-color: var(--line);
  }
  ul {
    margin: 2px 0 0;
  }
  wordembed-categories {
    width: calc(19 * var(--small));
    max-width: 100%;
    max-height: 150px;
  }
  :host([isbeside]) wordembed-categories {
    max-height: none;
  }
  .sets {
    max-height: 112px;
    margin-top: 4px;
    padding-top: 4px;
    overflow: auto;
    border-top: 1px solid var(--hairline);
  }
  .sets label {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    align-items: center;
    gap: 6px;
    height: 20px;
  }
  .sets input {
    width: 14px;
    height: 14px;
  }
  i {
    flex: none;
    width: 8px;
    height: 8px;
    border-radius: 50%;
  }
  .ramp {
    height: 6px;
    margin: 2px 0;
    border-radius: 2px;
  }
  progress {
    width: 100%;
  }
`;
