/** Styles the parts that several elements of the page have: dots, segments, cards, popups, explanations. */

import { css } from "lit";

export const partStyles = css`
  .gained {
    color: var(--gained);
  }
  .lost {
    color: var(--lost);
  }
  /* The color of a compared token. */
  .swatch {
    flex: none;
    width: 10px;
    height: 3px;
    border-radius: 2px;
  }
  /* The color of a saved selection. */
  .dot {
    display: inline-block;
    width: 7px;
    height: 7px;
    margin-right: 4px;
    border-radius: 50%;
  }
  /* A small chart, which is stretched. */
  .curve {
    overflow: visible;
  }
  .curve path {
    fill: none;
    stroke: var(--bar);
    stroke-width: 1.5;
    stroke-linecap: round;
    vector-effect: non-scaling-stroke;
  }
  .curve .now {
    stroke: var(--accent);
    stroke-width: 1;
  }
  .line-mark {
    width: 14px;
    height: 6px;
    margin-right: 4px;
    vertical-align: 2px;
  }
  /* Words or a picture alone in the middle. */
  .centered {
    display: grid;
    place-content: center;
    color: var(--muted);
  }
  /* Buttons of tokens, as many in a line as there is room for. */
  .tokens {
    display: flex;
    flex-wrap: wrap;
    gap: 0 2px;
  }
  .tokens :is(li, button) {
    max-width: 100%;
  }
  .tokens button {
    gap: 4px;
    height: 24px;
    padding: 0 4px;
    color: inherit;
  }
  /* A part that takes the room left in a line. */
  .grow {
    flex: 1;
    min-width: 0;
  }
  /* Two parts, one at each end of a line. */
  .spread {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 8px;
  }
  /* Buttons side by side that can be pressed. */
  .segments {
    display: flex;
  }
  .segments button {
    min-width: 38px;
    border-radius: 0;
    white-space: nowrap;
  }
  .segments button:first-child {
    border-radius: 4px 0 0 4px;
  }
  .segments button:not(:first-child) {
    margin-left: -1px;
  }
  .segments button:last-child {
    border-radius: 0 4px 4px 0;
  }
  /* A note above the page that does not catch the pointer. */
  .card {
    position: absolute;
    padding: 6px 8px;
    border: 1px solid var(--hairline);
    border-radius: 4px;
    background: var(--raised);
    box-shadow: 0 2px 8px rgb(0 0 0 / 0.15);
    pointer-events: none;
  }
  /* A list of choices that opens above the page. */
  .popup {
    position: absolute;
    z-index: 10;
    padding: 8px;
    border: 1px solid var(--line);
    border-radius: 4px;
    background: var(--raised);
    box-shadow: 0 4px 16px rgb(0 0 0 / 0.2);
  }
  /* A choice in it. */
  .option {
    padding: 4px 12px;
    cursor: pointer;
  }
  .option:hover,
  .option[aria-selected="true"] {
    background: var(--accent-soft);
  }
  /* An ⓘ with an explanation, which opens below it. */
  .about > button {
    width: 22px;
    height: 22px;
    padding: 0;
    color: var(--muted);
  }
  /* Not every font has the letter ⓘ. */
  .about i {
    display: block;
    width: 15px;
    margin: auto;
    border: 1px solid;
    border-radius: 50%;
    font: 600 10px / 13px serif;
  }
  .about > .popup {
    top: 100%;
    right: 0;
    width: max-content;
    max-width: min(340px, 80cqi);
    color: var(--text);
    white-space: normal;
  }
  /* At the end of a line, it is as wide as the line. */
  .spread:has(> .about) {
    position: relative;
  }
  .spread > .about > .popup {
    left: 0;
    width: auto;
    max-width: none;
  }
  .about:not(:hover, :focus-within) > .popup {
    display: none;
  }
  /* The controls of neighbors, which fit beside a heading. */
  .neighborhood {
    gap: 4px;
  }
  .neighborhood select {
    height: 24px;
    padding: 0 4px;
  }
  /* The severity of a finding. */
  .mark {
    color: var(--muted);
    font-size: var(--tiny);
    font-style: normal;
    text-align: center;
  }
  .mark.warning {
    color: var(--warning);
  }
  /* The place of what is still loading. */
  .skeleton {
    border-radius: 4px;
    background: var(--hairline);
    opacity: 0.5;
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
