/** Styles the map of similarity. */

import { css } from "lit";

export const similarityStyles = css`
  :host {
    display: contents;
  }
  .readings {
    height: 16px;
    overflow: hidden;
    color: var(--text);
    font-size: var(--small);
    line-height: 16px;
    white-space: nowrap;
  }
  h3 select {
    min-width: 0;
    height: 20px;
  }
  /* The names of the rows, the map, and below it the names of the columns and the scale. */
  .plot {
    grid-row: 3 / span 5;
    align-self: start;
    display: grid;
    grid-template: 144px auto / auto auto minmax(0, 1fr);
    gap: 2px 4px;
    color: var(--muted);
    font-size: var(--small);
    line-height: 12px;
  }
  .plot > :nth-child(n + 4) {
    grid-column: 3;
  }
  .from {
    max-height: 100%;
    writing-mode: vertical-rl;
    rotate: 180deg;
    text-align: center;
  }
  .plot > .to {
    text-align: center;
  }
  .rows,
  .columns {
    display: grid;
  }
  .rows span {
    align-self: center;
    justify-self: end;
    line-height: 0;
  }
  .columns span {
    justify-self: center;
    white-space: nowrap;
  }
  .map {
    position: relative;
    cursor: crosshair;
    touch-action: none;
  }
  canvas {
    width: 100%;
    height: 100%;
    image-rendering: pixelated;
  }
  .cell {
    position: absolute;
    min-width: 6px;
    min-height: 6px;
    outline: 2px solid var(--text);
    outline-offset: -1px;
    box-shadow: 0 0 0 2px var(--ground);
    pointer-events: none;
  }
  .card {
    z-index: 1;
    color: var(--text);
    white-space: nowrap;
  }
  .ramp {
    height: 6px;
    border-radius: 2px;
  }
`;
