/** Styles the drift map. */

import { css } from "lit";
import { SIDE } from "./map_thumbnails";

export const paneStyles = css`
  :host {
    position: relative;
    overflow: hidden;
    background: var(--ground);
    container-type: inline-size;
  }
  .map {
    position: absolute;
    inset: 0;
  }
  /* Both runs: the reference, then the run on screen. */
  .other {
    right: 50%;
    border-right: 1px solid var(--line);
  }
  .other + .own {
    left: 50%;
  }
  /* One above the other, where that gives each more room. */
  @container (max-width: 520px) {
    .other {
      inset: 0 0 50%;
      border: 0;
      border-bottom: 1px solid var(--line);
    }
    .other + .own {
      inset: 50% 0 0;
    }
    .names b:first-child::before {
      content: "↑ ";
    }
    .names b:last-child::before {
      content: "↓ ";
    }
  }
  .names {
    display: grid;
    flex: 1 0 100%;
    grid-template-columns: 1fr 1fr;
    gap: 0 24px;
    pointer-events: none;
  }
  .map[data-stale] {
    opacity: 0.35;
  }
  /* The canvas would cover an outline of the pane. */
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
  .thumbnails {
    position: absolute;
    inset: 0;
    overflow: hidden;
    pointer-events: none;
  }
  .thumbnails i {
    position: absolute;
  }
  .thumbnails img {
    position: absolute;
    width: ${SIDE}px;
    height: ${SIDE}px;
    object-fit: contain;
  }
  .waiting,
  .notice {
    position: absolute;
    inset: 0;
    padding: 32px;
    text-align: center;
    pointer-events: none;
  }
  /* Below the line of points, which is in the middle. */
  .start {
    position: absolute;
    top: 58%;
    left: 50%;
    width: min(46ch, 100% - 24px);
    translate: -50%;
    text-align: center;
    pointer-events: none;
  }
  .head {
    position: absolute;
    inset: 8px 12px auto;
    display: flex;
    flex-wrap: wrap;
    align-items: flex-start;
    gap: 4px 8px;
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
  /* It has a line of its own, also before all of it is known: the points stay where they are. */
  .caption {
    position: relative;
    display: flex;
    flex: 1 0 100%;
    gap: 0 8px;
    align-items: center;
    min-width: 0;
    min-height: 26px;
  }
  .caption.told {
    align-self: center;
  }
  .caption p {
    margin-bottom: 6px;
  }
  .caption .strong {
    color: var(--accent);
    font-weight: 600;
  }
  wordembed-map-legend {
    position: absolute;
    bottom: 12px;
    left: 12px;
    max-height: calc(100% - 104px);
    background: var(--ground);
  }
  @container (max-width: 700px) {
    .lead {
      display: none;
    }
  }
  /* Where there is room for it beside the chooser, however long it gets. */
  @container (min-width: 1280px) {
    .caption:not(.told) {
      flex: 0 1 auto;
    }
  }
  /* Beside the Projector there is no room for caption and tools in one line. */
  @container (max-width: 650px) {
    wordembed-map-legend {
      bottom: 48px;
    }
  }
  /* Two runs have a tool more. */
  @container (max-width: 730px) {
    :host([compares]) wordembed-map-legend {
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
  /* There, two fingers zoom. */
  @container (max-width: 440px) {
    :host([compares]) .zoom {
      display: none;
    }
  }
  /* The tools take two lines. */
  @container (max-width: 520px) {
    :host([compares]) .row {
      flex-wrap: wrap;
      justify-content: flex-end;
    }
    :host([compares]) wordembed-map-legend {
      bottom: 84px;
    }
  }
  .tools > * {
    pointer-events: auto;
  }
  .chip {
    padding: 2px 6px;
    border-radius: 4px;
    background: var(--ground);
    color: var(--muted);
  }
  .chip progress {
    width: 80px;
  }
  .tools .link {
    padding: 0 2px;
  }
  .segments {
    flex-wrap: wrap;
    justify-content: flex-end;
  }
  .meaning {
    display: flex;
    gap: 6px;
    align-items: baseline;
    margin: 0 0 2px 22px;
    font-size: var(--small);
  }
  .meaning i {
    flex: none;
  }
  .segments button {
    min-width: 28px;
  }
  .card {
    display: flex;
    flex-direction: column;
    max-width: 220px;
    white-space: nowrap;
  }
  .card b {
    overflow-wrap: anywhere;
    white-space: normal;
  }
  .card img {
    width: 96px;
    height: 96px;
    object-fit: contain;
    object-position: left;
  }
  .card span {
    color: var(--muted);
  }
`;
