/** Lists all tables of the log, sickest first; a click on one opens it. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { TableHealth } from "../../api/contract.gen";
import { openSeries } from "../../state/carry_over";
import { seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { memo } from "../../util/memo";
import { percent, short } from "../../util/number_format";
import { foldNames } from "../../util/run_names";
import { progressBar } from "../shared/controls";
import { NONE, StateElement } from "../shared/state_element";
import { severityMark } from "./findings";

function sliceOf(state: State) {
  const { value, job } = state.slots.allHealth;
  return {
    tables: value?.tables ?? NONE,
    progress: job?.progress ?? null,
    shown: seriesOf(state),
  };
}

const nameOf = ({ run, tag }: { run: string; tag: string }) => `${run}/${tag}`;
const folded = memo((tables: readonly TableHealth[]) => foldNames(tables.map(nameOf)));

@customElement("wordembed-all-tables")
export class AllTables extends StateElement(sliceOf) {
  static override styles = css`
    th,
    td {
      padding: 2px 8px;
      text-align: left;
      vertical-align: top;
    }
    th {
      font-weight: 500;
      white-space: nowrap;
    }
    tr:hover td {
      background: var(--raised);
    }
    tr[aria-current] td {
      background: var(--accent-soft);
    }
    /* A short name is never broken; a long one is, rather than hide the others. */
    td:first-child {
      min-width: 112px;
      max-width: 260px;
    }
    td button.link {
      text-align: left;
      overflow-wrap: anywhere;
    }
    .number {
      text-align: right;
      white-space: nowrap;
    }
    .marks {
      white-space: nowrap;
    }
    @media (max-width: 760px) {
      .wide {
        display: none;
      }
    }
  `;

  protected override render(): TemplateResult {
    const { tables, progress } = this.slice;
    if (!tables.length) {
      const said = text.measuringTables(progress ?? 0);
      return html`<p class="muted" role="status">${progressBar(progress ?? 0, said)} ${said}</p>`;
    }
    return html`<table class="dims" aria-label=${text.allTablesHelp} aria-busy=${progress !== null}>
      <tr>
        <th>${text.tableName}</th>
        <th></th>
        <th>${text.findings}</th>
        <th class="number" title=${text.abundanceHelp}>${text.abundance}</th>
        <th class="number wide">${text.effectiveRankTitle}</th>
        <th class="number wide" title=${text.coldHelp}>${text.cold}</th>
      </tr>
      ${tables.map((table) => this.row(table))}
    </table>`;
  }

  private row(table: TableHealth): TemplateResult {
    const { run, tag, warnings, notices, sentence } = table;
    const { shown, tables } = this.slice;
    const isShown = shown?.run === run && shown.tag === tag;
    const open = () => this.act(openSeries(run, tag));
    const name = nameOf(table);
    return html`<tr aria-current=${isShown ? "true" : nothing}>
      <td>
        <button class="link token" title=${cleanLabel(name)} @click=${open}>
          ${cleanLabel(folded(tables).short(name))}
        </button>
      </td>
      <td class="marks" title=${text.warnings(warnings, notices)}>
        ${warnings ? html`${severityMark("warning")} ${warnings} ` : nothing}
        ${notices ? html`${severityMark("notice")} ${notices}` : nothing}
      </td>
      <td class="token">${sentence ? cleanLabel(sentence) : html`<span class="muted">${text.nothingStandsOut}</span>`}</td>
      <td class="number">${percent(table.abundance_share)}</td>
      <td class="number wide">${short(table.effective_rank)}</td>
      <td class="number wide">${percent(table.cold_share)}</td>
    </tr>`;
  }
}
