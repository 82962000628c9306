/** Styles the pane of the standard Projector. */

import { css } from "lit";

export const projectorStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-width: 0;
    min-height: 0;
    background: var(--ground);
  }
  header {
    display: flex;
    flex: none;
    align-items: center;
    gap: 8px;
    height: 36px;
    padding: 0 8px 0 12px;
    border-bottom: 1px solid var(--hairline);
  }
  h2 {
    flex: none;
  }
  header .token {
    flex: 0 1 auto;
    min-width: 0;
  }
  .note {
    flex: none;
    color: var(--warning);
    white-space: nowrap;
  }
  .stage {
    flex: 1 1 0;
    overflow: hidden;
    color: var(--muted);
    text-align: right;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  header button {
    flex: none;
    height: 24px;
  }
  iframe {
    flex: 1;
    width: 100%;
    min-height: 0;
    border: 0;
    /* The Projector's page is light in both themes. */
    background: #fff;
    color-scheme: light;
  }
  iframe[data-old] {
    visibility: hidden;
  }
  iframe:focus-within,
  iframe:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: -2px;
  }
  .message {
    flex: 1;
    max-width: 60ch;
    margin: 0 auto;
    padding: 24px;
  }
`;
