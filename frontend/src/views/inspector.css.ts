import { css } from "lit";

export const inspectorStyles = css`
  :host {
    display: block;
    min-height: 0;
    overflow: auto;
    padding: 12px;
    background: var(--panel);
    scrollbar-width: thin;
    scrollbar-color: var(--line) transparent;
  }
  header {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 28px;
    align-items: center;
    margin-bottom: 8px;
  }
  header h2 {
    font-size: 18px;
    line-height: 24px;
  }
  header span {
    grid-row: 2;
  }
  header button {
    grid-row: 1;
    grid-column: 2;
    padding: 0;
    font-size: 16px;
  }
  section {
    padding: 8px 0;
    border-top: 1px solid var(--hairline);
  }
  .charts {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 12px;
  }
  .charts section {
    min-width: 0;
  }
  .heading {
    display: flex;
    align-items: center;
    justify-content: space-between;
    min-height: 20px;
    margin-bottom: 4px;
  }
  .heading b {
    font-weight: 600;
  }
  .heading select {
    height: 24px;
    padding: 0 4px;
    color: var(--text);
  }
  .movers {
    margin: 4px 0 0 -8px;
    padding: 0;
    list-style: none;
  }
  .movers button {
    display: flex;
    justify-content: space-between;
    gap: 8px;
    width: calc(100% + 8px);
    height: 24px;
    text-align: left;
  }
  p + h3 {
    margin-top: 16px;
  }
  .skeleton {
    height: 120px;
    margin: 8px 0;
    border-radius: 4px;
    background: var(--hairline);
    opacity: 0.5;
  }
`;
