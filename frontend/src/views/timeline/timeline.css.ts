/** Styles the timeline. */

import { css } from "lit";

export const timelineStyles = css`
  :host {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) minmax(148px, max-content);
    gap: 20px;
    padding: 8px 12px;
    border-top: 1px solid var(--hairline);
    background: var(--panel);
  }
  .player {
    gap: 4px;
  }
  .player button {
    display: grid;
    place-content: center;
    width: 28px;
    padding: 0;
  }
  .player .play {
    width: 36px;
    border-color: var(--accent);
    background: var(--accent);
    color: var(--on-accent);
  }
  .player select {
    field-sizing: content;
    padding: 0 2px;
  }
  .track {
    position: relative;
    height: 52px;
    cursor: pointer;
    touch-action: none;
    user-select: none;
  }
  .track > *,
  .ticks > *,
  .handle::before,
  .handle::after {
    position: absolute;
  }
  .band {
    inset: 0 0 16px;
    width: 100%;
    height: 36px;
  }
  .band .area {
    fill: var(--band);
    stroke: none;
  }
  .ticks {
    inset: 36px 0 auto;
    border-top: 1px solid var(--line);
  }
  .ticks i {
    width: 1px;
    height: 4px;
    background: var(--line);
  }
  .ticks span {
    top: 5px;
    color: var(--muted);
    font-size: var(--tiny);
    line-height: 12px;
    translate: -50%;
  }
  .ticks span:first-of-type {
    translate: -4px;
  }
  .ticks span:last-of-type {
    translate: calc(4px - 100%);
  }
  .span {
    top: 35px;
    height: 3px;
    border-radius: 2px;
    background: var(--accent);
    opacity: 0.35;
  }
  .settled {
    top: -6px;
    height: 42px;
    padding-left: 4px;
    border-left: 1px dashed var(--gained);
    color: var(--gained);
    font-size: var(--tiny);
    line-height: 12px;
    pointer-events: none;
  }
  .ghost {
    top: -4px;
    width: 1px;
    height: 44px;
    background: var(--muted);
    pointer-events: none;
  }
  .card {
    z-index: 2;
    bottom: calc(100% + 8px);
  }
  .card .muted {
    font-size: var(--small);
  }
  .handle {
    top: 0;
    width: 16px;
    height: 48px;
    margin-left: -8px;
    cursor: ew-resize;
  }
  .handle::before {
    inset: 0 auto 12px 7px;
    width: 2px;
    background: var(--accent);
    pointer-events: none;
    content: "";
  }
  .handle::after {
    top: 30px;
    left: 2px;
    width: 12px;
    height: 12px;
    border: 2px solid var(--panel);
    border-radius: 50%;
    background: var(--accent);
    content: "";
  }
  /* Both handles can be on one step: the reference is held at the top, the step at the bottom. */
  .step {
    top: 16px;
    height: 32px;
  }
  .step::before {
    top: -16px;
  }
  .step::after {
    top: 14px;
  }
  .reference::before {
    background: repeating-linear-gradient(var(--muted) 0 3px, transparent 3px 6px);
    width: 1px;
  }
  .reference::after {
    top: -2px;
    border-radius: 2px;
    background: var(--muted);
  }
  .where {
    display: flex;
    flex-direction: column;
    justify-content: center;
    min-width: 0;
    white-space: nowrap;
  }
  .where b {
    font-size: 14px;
  }
  .where em {
    margin-left: 6px;
    padding: 0 4px;
    border-radius: 3px;
    background: var(--accent-soft);
    color: var(--accent);
    font-size: var(--tiny);
    font-style: normal;
  }
  :host([presenting]) .where {
    font-size: 18px;
  }
  :host([presenting]) .where b {
    font-size: 36px;
    line-height: 40px;
  }
  :host([presenting]) .where .muted {
    display: none;
  }
  @media (max-width: 760px) {
    :host {
      grid-template-columns: auto minmax(0, 1fr);
      gap: 4px 16px;
    }
    .track {
      grid-row: 2;
      grid-column: 1 / -1;
      margin: 0 8px;
    }
    .where {
      flex-direction: row;
      align-items: center;
      justify-content: flex-end;
      gap: 8px;
    }
  }
`;
