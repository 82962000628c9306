/** Styles the panel about the selected tokens. */

import { css } from "lit";

export const inspectorStyles = css`
  :host {
    /* Text that only screen readers read scrolls with the panel. */
    position: relative;
    overflow: auto;
    padding: 12px;
    background: var(--panel);
  }
  .head {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 28px;
    align-items: center;
    margin-bottom: 8px;
  }
  .head h2 {
    font-size: 18px;
    line-height: 24px;
    max-height: 120px;
    overflow: auto;
    overflow-wrap: anywhere;
  }
  .head span {
    grid-row: 2;
  }
  .head button {
    grid-row: 1;
    grid-column: 2;
    padding: 0;
    font-size: 16px;
  }
  .updates {
    margin-bottom: 8px;
  }
  section {
    padding: 8px 0;
    border-top: 1px solid var(--hairline);
  }
  .alike {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 4px;
  }
  .alike h4 {
    line-height: 24px;
  }
  .others {
    display: grid;
    gap: 12px;
  }
  .inspect {
    gap: 4px;
    min-width: 0;
    height: 24px;
    padding: 0 4px;
    margin-left: -4px;
    color: var(--text);
    font-weight: 600;
  }
  .fate {
    display: grid;
    grid-template-columns: 14px minmax(0, 1fr);
  }
  .fate > span {
    font-weight: 700;
    line-height: 24px;
  }
  .charts {
    display: grid;
    grid-template-columns: 1fr 1fr;
    gap: 12px;
  }
  .runs {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
  }
  /* Above both charts, it has the line that is else at the top of each. */
  .runs:has(+ .charts) {
    padding-top: 8px;
    border-top: 1px solid var(--hairline);
  }
  .runs + .charts section {
    padding-top: 4px;
    border-top: 0;
  }
  .charts section {
    min-width: 0;
  }
  .heading {
    min-height: 20px;
    margin-bottom: 4px;
  }
  .summary {
    margin-top: 16px;
  }
  .histogram {
    display: block;
    width: 100%;
    height: 56px;
    margin-top: 8px;
    border-bottom: 1px solid var(--line);
  }
  .histogram rect {
    fill: var(--bar);
  }
  .histogram .behind rect {
    fill: var(--line);
  }
  .histogram line {
    stroke: var(--text);
    stroke-dasharray: 3 2;
    vector-effect: non-scaling-stroke;
  }
  .ends {
    margin-bottom: 8px;
    font-size: var(--tiny);
    line-height: 14px;
  }
  dl {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(112px, 1fr));
    gap: 4px 12px;
    max-height: 120px;
    margin: 0 0 8px;
    overflow: auto;
  }
  dl div {
    min-width: 0;
  }
  dd {
    display: -webkit-box;
    margin: 0;
    overflow: hidden;
    overflow-wrap: anywhere;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 3;
  }
  .images {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .images img {
    width: 112px;
    height: 112px;
    margin-bottom: 8px;
    object-fit: contain;
    object-position: left;
  }
  .skeleton {
    height: 120px;
    margin: 8px 0;
  }
`;
