import { css } from "lit";

export const paneStyles = css`
  :host {
    position: relative;
    display: block;
    min-width: 0;
    min-height: 0;
    overflow: hidden;
    background: var(--ground);
  }
  .map {
    position: absolute;
    inset: 0;
  }
  .map:focus-visible {
    outline-offset: -2px;
  }
  .waiting,
  .notice {
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    padding: 32px;
    color: var(--muted);
    text-align: center;
    pointer-events: none;
  }
  .caption {
    position: absolute;
    top: 8px;
    left: 12px;
    pointer-events: none;
  }
  .legend {
    position: absolute;
    bottom: 12px;
    left: 12px;
    width: 160px;
    margin: 0;
    padding: 6px 8px;
    border: 1px solid var(--hairline);
    border-radius: 4px;
    background: var(--ground);
    font-size: 11px;
    line-height: 16px;
    pointer-events: none;
  }
  .ramp {
    height: 6px;
    margin: 2px 0;
    border-radius: 2px;
  }
  .ends {
    display: flex;
    justify-content: space-between;
    color: var(--muted);
  }
  .tools {
    position: absolute;
    right: 12px;
    bottom: 12px;
    display: flex;
  }
  .tools button {
    min-width: 28px;
    margin-left: -1px;
    border-color: var(--hairline);
    border-radius: 0;
  }
  .tools button:hover {
    z-index: 1;
    border-color: var(--line);
  }
  .tools button:first-child {
    border-radius: 4px 0 0 4px;
  }
  .tools button:last-child {
    border-radius: 0 4px 4px 0;
  }
  .card {
    position: absolute;
    display: flex;
    flex-direction: column;
    padding: 6px 8px;
    border: 1px solid var(--hairline);
    border-radius: 4px;
    background: var(--raised);
    box-shadow: 0 2px 8px rgb(0 0 0 / 16%);
    pointer-events: none;
    white-space: nowrap;
  }
  .card b {
    font-weight: 600;
  }
  .card span {
    color: var(--muted);
  }
`;
