/** Styles the page: where its views are, on wide and narrow screens. */

import { css } from "lit";

export const appStyles = css`
  :host {
    --token-width: clamp(320px, 23vw, max(440px, 15vw));
    display: grid;
    /* The table keeps a few rows: Health, the last part, takes what is left. */
    grid-template: auto auto minmax(auto, 1fr) auto auto / var(--table-width, auto) minmax(0, 1fr) var(--token-width);
    grid-template-areas: "bar bar bar" "notices notices notices" "table map token" "time time time" "health health health";
    /* On a low screen the page scrolls, so that its views keep a usable height. */
    height: max(100vh, 560px);
    background: var(--ground);
  }
  wordembed-top-bar {
    grid-area: bar;
  }
  wordembed-notices {
    grid-area: notices;
  }
  wordembed-drift-table {
    grid-area: table;
    border-right: 1px solid var(--hairline);
  }
  /* The map and the Projector, side by side. */
  .panes {
    display: grid;
    grid-area: map;
    grid-auto-columns: minmax(0, 1fr);
    grid-auto-flow: column;
    grid-template-rows: minmax(0, 1fr);
    min-width: 0;
    min-height: 0;
  }
  wordembed-projector-pane {
    border-left: 1px solid var(--hairline);
  }
  wordembed-inspector {
    grid-area: token;
    border-left: 1px solid var(--hairline);
  }
  wordembed-timeline {
    grid-area: time;
  }
  wordembed-health {
    grid-area: health;
  }
  wordembed-empty,
  .waiting {
    grid-area: 3 / 1 / -1 / -1;
  }
  main {
    display: contents;
  }
  .tabs {
    display: none;
  }
  @media (min-width: 761px) {
    /* The Projector has its own panels, so the side panels are hidden. */
    :host([data-pane="split"]) wordembed-drift-table,
    :host([data-pane="projector"]) :is(wordembed-drift-table, wordembed-inspector) {
      display: none;
    }
    [data-pane="split"] {
      grid-column-start: table;
    }
    [data-pane="projector"] {
      grid-column: 1 / -1;
    }
  }
  /* Nor is there room for the table beside two maps. */
  @media (max-width: 1000px) and (min-width: 761px) {
    :host([twomaps]) wordembed-drift-table {
      display: none;
    }
    :host([twomaps]) .panes {
      grid-column-start: table;
    }
  }
  @media (max-width: 1100px) and (min-width: 761px) {
    :host {
      --token-width: 280px;
      grid-template-columns: var(--table-width, auto) minmax(0, 1fr) var(--token-width);
    }
  }
  @media (max-width: 760px) {
    .panes {
      grid-auto-flow: row;
      grid-auto-rows: minmax(0, 1fr);
      grid-template-rows: none;
    }
    wordembed-projector-pane {
      border-top: 1px solid var(--hairline);
      border-left: 0;
    }
    :host {
      grid-template: auto auto minmax(0, 5fr) auto auto minmax(0, 4fr) / minmax(0, 1fr);
      grid-template-areas: "bar" "notices" "map" "time" "tabs" "panel";
      height: max(100vh, 800px);
    }
    /* Where the page scrolls, as at 200 % zoom, more than the map fits into the window. */
    @media (max-height: 799px) {
      :host {
        grid-template-rows: auto auto 240px auto auto minmax(0, 1fr);
      }
    }
    :host([twomaps]) {
      grid-template-rows: auto auto 560px auto auto minmax(0, 1fr);
      height: max(100vh, 1200px);
    }
    :host([data-pane="split"]) {
      height: max(100vh, 1400px);
    }
    wordembed-drift-table,
    wordembed-inspector,
    wordembed-health {
      grid-area: panel;
      border: 0;
    }
    .panel:not([data-shown]) {
      display: none;
    }
    .tabs {
      display: flex;
      grid-area: tabs;
      padding: 0 8px;
      border-block: 1px solid var(--hairline);
      background: var(--panel);
    }
    .tabs button {
      flex: 1;
      height: 32px;
      border: 0;
      border-bottom: 2px solid transparent;
      border-radius: 0;
      background: none;
      color: var(--muted);
    }
    .tabs [aria-selected="true"] {
      border-bottom-color: var(--accent);
      color: var(--text);
      font-weight: 600;
    }
  }
  :host([presenting]) {
    grid-template: auto auto minmax(0, 1fr) auto / minmax(0, 1fr);
    grid-template-areas: "bar" "notices" "map" "time";
    height: max(100vh, 440px);
  }
  :host([presenting]) :is(wordembed-drift-table, wordembed-inspector, wordembed-health, .tabs) {
    display: none !important;
  }
  :host([presenting]) .panes {
    grid-column: auto;
  }
`;
