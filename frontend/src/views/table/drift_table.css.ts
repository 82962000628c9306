/** Styles the table. */

import { css } from "lit";

/** The styles of heads and cells, which the table of groups has, too. */
export const cellStyles = css`
  .line {
    display: grid;
    align-items: center;
    gap: 6px;
    height: 24px;
    padding-right: 12px;
    background: var(--panel);
  }
  .heads.line {
    position: sticky;
    z-index: 2;
    top: 0;
    height: 26px;
    border-block: 1px solid var(--hairline);
    color: var(--muted);
  }
  :is(.heads, .name) button {
    max-width: 100%;
    height: 24px;
    padding: 0;
    border: 0;
    color: inherit;
  }
  :is(.heads, .name) button:hover:not(:disabled) {
    background: none;
    color: var(--text);
  }
  .arrow {
    padding-left: 2px;
  }
  [aria-sort="ascending"],
  [aria-sort="descending"] {
    color: var(--text);
    font-weight: 600;
  }
  /* What names a row stays in view when the columns scroll sideways. */
  .rank,
  .name {
    position: sticky !important;
    z-index: 1;
    left: 0;
    height: 24px;
    background: inherit;
    line-height: 24px;
  }
  .line.hovered {
    background: var(--hairline);
  }
  .line[aria-selected="true"] {
    background: var(--accent-soft);
  }
  .line[aria-selected="true"] > :first-child {
    box-shadow: inset 2px 0 var(--accent);
  }
  .value {
    position: relative;
    min-width: 0;
    line-height: 20px;
    white-space: nowrap;
  }
  .value:has(i) {
    padding-right: 4px;
  }
  .value b {
    position: relative;
    color: inherit;
    font-weight: inherit;
  }
  .value i {
    position: absolute;
    inset: 0 0 0 auto;
    border-radius: 2px;
    background: color-mix(in srgb, var(--bar) 45%, transparent);
  }
  .curve {
    display: block;
    width: 100%;
    height: 16px;
  }
  .curve path:not(.now) {
    stroke: var(--series-0);
  }
`;

export const tableStyles = css`
  :host {
    position: relative;
    display: flex;
    flex-direction: column;
    min-width: 0;
    background: var(--panel);
  }
  @media (min-width: 761px) {
    :host(:not([sized])) {
      width: clamp(25.25 * var(--regular), var(--wanted), 40 * var(--regular));
    }
  }
  .rows {
    flex: 1 1 0px;
    /* The head and four rows. */
    min-height: 122px;
    overflow: auto;
  }
  .rows:focus-visible {
    outline-offset: -2px;
  }
  .space {
    position: relative;
  }
  .space,
  .line {
    min-width: calc(var(--rank-width) + var(--least) + 18px);
  }
  .line {
    grid-template-columns: var(--rank-width) minmax(var(--token-least), 1fr) var(--columns);
  }
  .heads > span {
    position: relative;
    min-width: 0;
  }
  /* A long name may extend over the head of the token column. */
  .heads > :nth-child(3) {
    z-index: 2;
  }
  .heads > :nth-child(3) button {
    max-width: none;
    overflow: visible;
  }
  .heads .right {
    display: flex;
    justify-content: flex-end;
    white-space: nowrap;
  }
  .edge {
    position: absolute;
    top: 0;
    right: -7px;
    width: 8px;
    height: 24px;
    cursor: col-resize;
    touch-action: none;
    user-select: none;
  }
  .column:is(:hover, :focus-visible) {
    border-right: 2px solid var(--accent);
  }
  .edge.table {
    z-index: 5;
    right: -4px;
    width: 7px;
    height: 100%;
    border: solid transparent;
    border-width: 0 2px;
    background-clip: padding-box;
  }
  .table:is(:hover, :focus-visible) {
    outline: none;
    background-color: var(--accent);
  }
  @media (max-width: 760px) {
    .table {
      display: none;
    }
  }
  .right {
    text-align: right;
  }
  /* Its background also covers the gap before it, below which columns scroll. */
  .name {
    left: var(--rank-width);
    margin-left: -6px;
    padding-left: 6px;
  }
  .dot {
    vertical-align: 1px;
  }
  .rank {
    color: var(--muted);
  }
  .row {
    position: absolute;
    inset: 0 0 auto;
    cursor: pointer;
  }
  .rows:focus-visible .row.active {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .value {
    overflow: hidden;
  }
  .value .token {
    display: block;
  }
  .only {
    display: none;
    position: absolute;
    top: 1px;
    right: 0;
    height: 18px;
    padding: 0 4px;
    background: var(--raised);
    font-size: var(--small);
    line-height: 16px;
  }
  .row:hover .only {
    display: block;
  }
  @media (hover: none) {
    [aria-selected="true"] .only {
      display: block;
    }
  }
  .value.busy {
    opacity: 0.5;
  }
  .tight .value i {
    top: auto;
    height: 2px;
  }
  .note {
    padding: 12px;
    color: var(--muted);
  }
  .skeleton {
    height: 480px;
    background: repeating-linear-gradient(
      transparent 0 8px,
      var(--hairline) 8px 16px,
      transparent 16px 24px
    );
  }
`;
