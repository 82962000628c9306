import { css } from "lit";

export const tableStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    background: var(--panel);
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
    grid-template-columns: calc(max(4ch, var(--rank-width)) + 8px) minmax(0, 1fr) 88px;
    align-items: center;
    gap: 8px;
    height: 24px;
    padding: 0 12px 0 0;
  }
  .counted {
    grid-template-columns: calc(max(4ch, var(--rank-width)) + 8px) minmax(0, 1fr) 84px 44px;
  }
  @media (max-width: 1100px) and (min-width: 761px) {
    .line.counted {
      grid-template-columns: calc(max(4ch, var(--rank-width)) + 4px) minmax(0, 1fr) 68px 40px;
      gap: 6px;
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
  /* A long name reaches over the head of the tokens, where there is room. */
  .heads .right {
    display: flex;
    justify-content: flex-end;
    white-space: nowrap;
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
    line-height: 20px;
  }
  .drift b {
    position: relative;
    font-weight: inherit;
  }
  .drift i {
    position: absolute;
    inset: 0 0 0 auto;
    border-radius: 2px;
    background: color-mix(in srgb, var(--bar) 45%, transparent);
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
