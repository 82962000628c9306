/** Styles the drift map. */

import { css } from "lit";

export const paneStyles = css`
  :host {
    position: relative;
    display: block;
    min-width: 0;
    min-height: 0;
    overflow: hidden;
    background: var(--ground);
    container-type: inline-size;
  }
  .map {
    position: absolute;
    inset: 0;
  }
  /* The canvas would cover an outline. */
  .map:focus-visible {
    outline: none;
  }
  .map:focus-visible::after {
    content: "";
    position: absolute;
    inset: 0;
    outline: 2px solid var(--accent);
    outline-offset: -2px;
    pointer-events: none;
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
  .head {
    position: absolute;
    top: 8px;
    left: 12px;
    right: 12px;
    display: flex;
    flex-direction: column;
    align-items: flex-start;
    gap: 4px;
    pointer-events: none;
  }
  .head > * {
    border-radius: 4px;
    background: var(--ground);
    pointer-events: auto;
  }
  .plain {
    max-width: 64ch;
    padding: 2px 6px;
    background: var(--warning-soft);
    color: var(--warning);
  }
  .caption {
    padding: 2px 4px 2px 0;
    line-height: calc(1em + 5px);
  }
  .caption .strong {
    color: var(--accent);
    font-weight: 600;
  }
  wordembed-map-legend {
    position: absolute;
    bottom: 12px;
    left: 12px;
    background: var(--ground);
  }
  /* Beside the Projector there is no room for the two side by side. */
  @container (max-width: 580px) {
    wordembed-map-legend {
      bottom: 48px;
    }
  }
  .tools {
    position: absolute;
    right: 12px;
    bottom: 12px;
    display: flex;
    flex-direction: column;
    align-items: flex-end;
    gap: 6px;
    pointer-events: none;
  }
  .tools > * {
    pointer-events: auto;
  }
  .buttons {
    display: flex;
    align-items: center;
  }
  .chip {
    padding: 2px 6px;
    border-radius: 4px;
    background: var(--ground);
    color: var(--muted);
  }
  .chip progress {
    width: 80px;
    accent-color: var(--accent);
  }
  .tools .link {
    padding: 0 2px;
    border: 0;
    background: none;
    color: var(--accent);
    text-decoration: underline;
  }
  .buttons button {
    min-width: 28px;
    margin-left: -1px;
    border-radius: 0;
  }
  .buttons button:hover:enabled {
    z-index: 1;
    border-color: var(--text);
  }
  .tools [aria-pressed="true"] {
    z-index: 1;
    border-color: var(--accent);
    background: var(--accent-soft);
    color: var(--accent);
    font-weight: 600;
  }
  .buttons button:first-of-type {
    border-radius: 4px 0 0 4px;
  }
  .buttons button:last-of-type {
    border-radius: 0 4px 4px 0;
  }
  .card {
    position: absolute;
    display: flex;
    flex-direction: column;
    max-width: 220px;
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
  .card i {
    display: inline-block;
    width: 7px;
    height: 7px;
    margin-right: 4px;
    border-radius: 50%;
  }
`;
