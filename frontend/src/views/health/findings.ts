/** Shows the findings as sentences; a click on one opens the view that shows it. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Finding } from "../../api/contract.gen";
import {
  type ChangedNeighborsSearch,
  changedNeighborsSearch,
} from "../../selectors/changed_neighbors";
import {
  lookForChangedNeighbors,
  openPlace,
  stopLookingForChangedNeighbors,
} from "../../state/actions";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { NONE, StateElement } from "../shared/state_element";
import { findingMark, findingMarkStyles } from "./finding_mark";

function sliceOf(state: State) {
  return {
    findings: state.slots.findings.value?.findings ?? NONE,
    search: changedNeighborsSearch(state),
  };
}

@customElement("wordembed-findings")
export class Findings extends StateElement(sliceOf) {
  static override styles = [
    findingMarkStyles,
    css`
      ul {
        /* Text that only screen readers read scrolls with the list. */
        position: relative;
        /* Half a line at the end shows that the list goes on. */
        max-height: 76px;
        margin: 0 0 4px -8px;
        overflow: auto;
      }
      button {
        display: grid;
        grid-template-columns: 12px minmax(0, 1fr) auto;
        gap: 0 4px;
        width: 100%;
        height: auto;
        padding: 2px 8px;
        overflow-wrap: anywhere;
        text-align: left;
      }
      button:focus-visible {
        outline-offset: -2px;
      }
      p {
        margin: 0 0 6px;
        color: var(--muted);
      }
      p button {
        display: inline;
        width: auto;
        padding: 0;
      }
      progress {
        width: 96px;
      }
      .raised {
        padding-left: 12px;
        color: var(--muted);
      }
      @media (max-width: 760px) {
        ul {
          max-height: none;
        }
        .raised {
          grid-column: 2;
          padding: 0;
        }
      }
    `,
  ];

  protected override render(): TemplateResult | typeof nothing {
    const { findings, search } = this.slice;
    const list = html`<ul aria-label=${text.findings}>
      ${findings.map((finding) => this.item(finding))}
    </ul>`;
    return html`${findings.length ? list : nothing}${search ? this.changedNeighbors(search) : nothing}`;
  }

  private changedNeighbors(search: ChangedNeighborsSearch): TemplateResult {
    if (search === "offered") {
      const title = text.lookForChangedNeighborsHelp;
      return html`<p class="row">
        <button class="link" title=${title} @click=${() => this.act(lookForChangedNeighbors)}>
          ${text.lookForChangedNeighbors}
        </button>
      </p>`;
    }
    if (search === "nothing found")
      return html`<p class="row" role="status">${text.noChangedNeighbors}</p>`;
    const { progress, job } = search;
    const said = text.lookingForChangedNeighbors(progress);
    return html`<p class="row">
      <progress max="1" .value=${progress} aria-label=${said}></progress>
      ${said}
      <button class="link" @click=${() => this.act(stopLookingForChangedNeighbors(job))}>
        ${text.stopLooking}
      </button>
    </p>`;
  }

  private item(finding: Finding): TemplateResult {
    return html`<li>
      <button class="quiet" @click=${() => this.act(openPlace(finding.view))}>
        ${findingMark(finding)} <span class="raised">${finding.raised}</span>
      </button>
    </li>`;
  }
}
