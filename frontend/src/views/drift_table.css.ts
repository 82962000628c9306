import { css } from "lit";

export const tableStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    background: var(--panel);
  }
  header {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    align-items: center;
    gap: 8px;
    padding: 8px 12px;
  }
  header h2 {
    grid-column: 1;
    white-space: nowrap;
  }
  header select {
    justify-self: end;
    min-width: 0;
    max-width: 100%;
  }
  header label {
    display: flex;
    grid-column: 1 / -1;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
    color: var(--muted);
  }
  header input {
    width: 72px;
    color: var(--text);
    text-align: right;
  }
  header .note {
    grid-column: 1 / -1;
    padding: 0;
  }
  .rows {
    flex: 1;
    min-height: 0;
    overflow: auto;
    scrollbar-width: thin;
    scrollbar-color: var(--line) transparent;
  }
  .rows:focus-visible {
    outline-offset: -2px;
  }
  .space {
    position: relative;
  }
  .line {
    display: grid;
    grid-template-columns: calc(var(--rank-width) + 8px) minmax(0, 1fr) 96px;
    align-items: center;
    gap: 8px;
    height: 24px;
    padding: 0 12px 0 0;
  }
  .counted {
    grid-template-columns: calc(var(--rank-width) + 8px) minmax(0, 1fr) 88px 44px;
  }
  @media (max-width: 1100px) and (min-width: 761px) {
    .line.counted {
      grid-template-columns: calc(var(--rank-width) + 4px) minmax(0, 1fr) 60px 40px;
    }
  }
  .heads {
    position: sticky;
    z-index: 1;
    top: 0;
    border-block: 1px solid var(--hairline);
    background: var(--panel);
    color: var(--muted);
    height: 26px;
  }
  .heads button {
    height: 24px;
    padding: 0;
    border: 0;
    color: inherit;
  }
  .heads button:hover:not(:disabled) {
    background: none;
    color: var(--text);
  }
  [aria-sort="ascending"],
  [aria-sort="descending"] {
    color: var(--text);
    font-weight: 600;
  }
  .arrow {
    padding-left: 2px;
  }
  .right {
    text-align: right;
  }
  .rank {
    color: var(--muted);
  }
  .row {
    position: absolute;
    inset: 0 0 auto;
    cursor: pointer;
  }
  .row.hovered {
    background: var(--raised);
    box-shadow: inset 0 0 0 1px var(--hairline);
  }
  .row.selected {
    background: var(--accent-soft);
    box-shadow: inset 2px 0 var(--accent);
  }
  .drift {
    position: relative;
    padding-right: 4px;
  }
  .drift i {
    position: absolute;
    z-index: 0;
    right: 0;
    bottom: -3px;
    height: 2px;
    border-radius: 1px;
    background: var(--bar);
  }
  .note {
    padding: 12px;
    color: var(--muted);
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 12px;
    padding: 4px 12px;
    border-top: 1px solid var(--hairline);
    color: var(--muted);
  }
  .skeleton {
    height: 480px;
    background: repeating-linear-gradient(
      transparent 0 8px,
      var(--hairline) 8px 16px,
      transparent 16px 24px
    );
    mask-image: linear-gradient(#000, transparent);
    mask-size: 100%;
    opacity: 0.7;
  }
`;
