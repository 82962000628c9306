/** Shows the findings as sentences; a click on one opens the view that shows it. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Finding, Severity } from "../../api/contract.gen";
import {
  type Between,
  betweenOf,
  type FindingOnScreen,
  findingsOf,
} from "../../selectors/health/findings";
import { RATE } from "../../selectors/table/changed_beyond_noise";
import {
  type ChangedNeighborsSearch,
  changedNeighborsSearch,
} from "../../selectors/table/changed_neighbors";
import { lookForChangedNeighbors, stopLookingForChangedNeighbors } from "../../state/actions";
import { seriesOf } from "../../state/current";
import { openFinding } from "../../state/finding_actions";
import type { State } from "../../state/state";
import { seriesName, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { progressBar } from "../shared/controls";
import { StateElement } from "../shared/state_element";

function sliceOf(state: State) {
  return {
    findings: findingsOf(state),
    between: betweenOf(state),
    series: seriesOf(state),
    search: changedNeighborsSearch(state),
  };
}

@customElement("wordembed-findings")
export class Findings extends StateElement(sliceOf) {
  static override styles = css`
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
  `;

  protected override render(): TemplateResult | typeof nothing {
    const { between, findings, search } = this.slice;
    const ofBoth = findings.filter(({ other }) => other);
    const ofOne = between ? findings.filter(({ other }) => !other) : findings;
    return html`${between ? this.between(between, ofBoth) : nothing}
      ${between && ofOne.length ? html`<p>${text.ofThisRun}</p>` : nothing}
      ${this.list(text.findings, ofOne)} ${search ? this.changedNeighbors(search) : nothing}`;
  }

  private between(
    { other, seeds, isKnown, progress }: Between,
    found: readonly FindingOnScreen[],
  ): TemplateResult {
    const name = seriesName(other, this.slice.series);
    if (seeds < 2) return html`<p>${text.chooseSeeds(name)}</p>`;
    if (!isKnown) {
      return html`<p class="row" role="status">
        ${progressBar(progress, text.comparingSeeds)} ${text.comparingSeeds}
      </p>`;
    }
    const said = (found.length ? text.differs : text.nothingDiffers)(name, seeds, RATE);
    return html`<p>${said}</p>
      ${this.list(said, found)}`;
  }

  private list(label: string, found: readonly FindingOnScreen[]): TemplateResult | typeof nothing {
    if (!found.length) return nothing;
    return html`<ul aria-label=${label}>
      ${found.map((one) => this.item(one))}
    </ul>`;
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
      ${progressBar(progress, said)} ${said}
      <button class="link" @click=${() => this.act(stopLookingForChangedNeighbors(job))}>
        ${text.stopLooking}
      </button>
    </p>`;
  }

  private item(one: FindingOnScreen): TemplateResult {
    const { finding } = one;
    return html`<li>
      <button class="quiet" @click=${() => this.act(openFinding(one))}>
        ${findingMark(finding)} <span class="raised">${finding.raised}</span>
      </button>
    </li>`;
  }
}

/** The sign of each severity; the shapes differ, so that nothing is shown by color alone. */
const MARKS: Readonly<Record<Severity, string>> = { warning: "▲", notice: "●", info: "○" };

export function severityMark(severity: Severity): TemplateResult {
  const named = text.severity[severity];
  return html`<i class="mark ${severity}" title=${named} aria-hidden="true">${MARKS[severity]}</i>`;
}

export function findingMark({ severity, sentence }: Finding): TemplateResult {
  const named = text.severity[severity];
  return html`${severityMark(severity)}
    <span class="sentence"><span class="visually-hidden">${named}: </span
      ><span class="token">${cleanLabel(sentence)}</span></span>`;
}
