/** Shows a table of groups of tokens: the values of a column, or saved selections. */

import { css, html, nothing, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { selectMany } from "../../selectors/map/label_priority";
import { looksForChangedNeighbors } from "../../selectors/table/changed_neighbors";
import {
  type Group,
  groupAt,
  groupByOf,
  groupSortOf,
  rowsOfGroup,
  SETS,
  selectedName,
  shownGroups,
} from "../../selectors/table/groups";
import { patchPassing, patchView } from "../../state/actions";
import { comparisonOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { GROUP_HEADS, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { compact, count, percent, short } from "../../util/number_format";
import { StateElement } from "../shared/state_element";
import { cellStyles } from "./drift_table.css";
import { bar, trend } from "./table_cells";

/** More rows would hold up the page. */
const MOST_LISTED = 500;
/** Longer names are cut where the table is narrow. */
const MOST_LETTERS = 20;

function sliceOf(state: State) {
  const { groups, groupTrajectories, allTokens } = state.slots;
  return {
    by: groupByOf(state),
    groups: shownGroups(state),
    all: allTokens.value,
    steps: groupTrajectories.value?.steps,
    step: stepOf(state),
    sort: groupSortOf(state),
    selected: selectedName(state),
    hovered: state.passing.hoveredGroup,
    pending: groups.pending !== null,
    progress: groups.job?.progress ?? null,
    failure: groups.failure?.message ?? null,
    isSingle: comparisonOf(state) !== "drift",
    hasNeighbors: looksForChangedNeighbors(state),
  };
}

@customElement("wordembed-group-table")
export class GroupTable extends StateElement(sliceOf) {
  static override styles = [
    cellStyles,
    css`
    /* A share of the room, with the head and four rows at least, however many groups there are. */
    :host {
      display: flex;
      flex: 1 1 0px;
      flex-direction: column;
      min-height: 122px;
    }
    .rows {
      flex: 1 1 0px;
      overflow: auto;
    }
    .line {
      grid-template-columns: minmax(var(--names), 1fr) var(--columns);
      width: max-content;
      min-width: 100%;
    }
    .all {
      position: sticky;
      z-index: 2;
      bottom: 0;
      border-top: 1px solid var(--hairline);
      color: var(--muted);
    }
    /* As wide as the column, whatever the name. */
    .name {
      width: 0;
      min-width: 100%;
      padding-left: 12px;
    }
    .group {
      cursor: pointer;
    }
    .value {
      text-align: right;
    }
    .note,
    footer {
      padding: 4px 12px;
      color: var(--muted);
      overflow-wrap: anywhere;
    }
    footer {
      border-top: 1px solid var(--hairline);
    }
  `,
  ];

  protected override render(): TemplateResult {
    const { groups, pending } = this.slice;
    const columns = this.columns();
    const widths = columns.map(({ width }) => `${(width / 12).toFixed(2)}em`).join(" ");
    const scale = this.scale();
    return html`<div
        class="rows dims"
        role="grid"
        aria-label=${text.groups}
        aria-busy=${pending}
        style="--columns: ${widths}; --names: ${this.nameWidth()}"
        @mouseleave=${() => this.hover(null)}
      >
        ${this.heads()} ${this.note()}
        ${groups?.slice(0, MOST_LISTED).map((group) => this.group(group, scale))}
        ${groups?.length ? this.everyToken(scale) : nothing}
      </div>
      <footer>${this.footer()}</footer>`;
  }

  /** Returns a width that fits the names, unless they are long. */
  private nameWidth(): string {
    const lengths = this.slice.groups?.slice(0, MOST_LISTED).map(({ name }) => name?.length ?? 0);
    const longest = Math.max(text.everyToken.length, ...(lengths ?? []));
    return `calc(${Math.min(longest, MOST_LETTERS)}ch + 12px)`;
  }

  private scale(): Scale {
    const { groups, step, steps = [] } = this.slice;
    let largest = 0;
    let highest = 0;
    for (const { drift, curve } of groups ?? []) {
      largest = Math.max(largest, Math.abs(drift[1]) || 0);
      for (const value of curve ?? []) highest = Math.max(highest, Math.abs(value) || 0);
    }
    return { largest, highest, steps, step };
  }

  private columns() {
    const { hasNeighbors, isSingle } = this.slice;
    if (isSingle) return MEASURES.filter(({ id }) => OF_ONE_STEP.has(id));
    return MEASURES.filter(({ id }) => hasNeighbors || id !== "inside");
  }

  private heads(): TemplateResult {
    const { by, sort } = this.slice;
    const head = (id: string, label: string, help: string, kind: string) => {
      const active = sort.by === id;
      const sign = active ? (sort.descending ? "↓" : "↑") : "";
      return html`<span
        role="columnheader"
        class=${kind}
        aria-sort=${active ? (sort.descending ? "descending" : "ascending") : "none"}
      >
        ${
          id === "curve" || id === "range"
            ? html`<span title=${help}>${label}</span>`
            : html`<button class="quiet ellipsis" title=${help} @click=${() => this.sortBy(id)}>
              ${label}<span class="arrow" aria-hidden="true">${sign}</span>
            </button>`
        }
      </span>`;
    };
    const name = by === SETS ? text.group : cleanLabel(by.replace(/^column:/, ""));
    return html`<div class="heads line" role="row">
      ${head("name", name, name, "name")}
      ${this.columns().map(({ id }) => {
        const [label = id, help = ""] = GROUP_HEADS[id] ?? [];
        return head(id, label, help, id === "curve" ? "" : "value");
      })}
    </div>`;
  }

  private sortBy(by: string): void {
    const { sort } = this.slice;
    const descending = sort.by === by ? !sort.descending : by !== "name";
    this.act(patchView({ groupSort: { by, descending } }));
  }

  private group(group: Group, scale: Scale): TemplateResult {
    const { hovered, selected } = this.slice;
    const name = group.name === null ? text.filter : cleanLabel(group.name);
    const help = text.selectGroup(name, count(group.count));
    return html`<div
      class="group line ${hovered === group.at ? "hovered" : ""}"
      role="row"
      aria-selected=${selected !== null && selected === group.name}
      @click=${() => this.act((state) => selectMany(rowsOfGroup(state, group.at))(state))}
      @mouseenter=${() => this.hover(group.at)}
    >
      <span role="gridcell" class="name"
        ><button class="quiet token ellipsis" title=${help}>${name}</button></span
      >
      ${this.cells(group, scale)}
    </div>`;
  }

  /** Returns all tokens in the form of a group, to compare the others with. */
  private everyToken(scale: Scale): TemplateResult | typeof nothing {
    const { all } = this.slice;
    if (!all?.counts.length) return nothing;
    const group = { ...groupAt(all, 0), curve: null };
    return html`<div class="all line" role="row">
      <span role="gridcell" class="name ellipsis">${text.everyToken}</span>
      ${this.cells(group, { ...scale, largest: 0 })}
    </div>`;
  }

  private cells(group: Measured, scale: Scale): TemplateResult[] {
    return this.columns().map(
      ({ cell }) => html`<span role="gridcell" class="value">${cell(group, scale)}</span>`,
    );
  }

  private hover(at: number | null): void {
    if (this.slice.hovered !== at) this.act(patchPassing({ hoveredGroup: at }));
  }

  private note(): TemplateResult | typeof nothing {
    const { by, failure, groups, pending } = this.slice;
    if (failure) return html`<p class="note problem" role="alert">${failure}</p>`;
    if (groups?.length || pending) return nothing;
    return html`<p class="note">${by === SETS ? text.noSets : text.noGroups}</p>`;
  }

  private footer(): string {
    const { groups, progress } = this.slice;
    if (progress !== null) return text.working(text.groups, progress);
    if (!groups) return this.slice.pending ? `${text.loading}…` : text.groupCount(0);
    const { length } = groups;
    return length > MOST_LISTED ? text.groupsListed(MOST_LISTED, length) : text.groupCount(length);
  }
}

/** What the cells of all groups share. */
interface Scale {
  /** The largest median drift, which is the length of a full bar. */
  readonly largest: number;
  /** The largest median drift at any step: the height of the curves. */
  readonly highest: number;
  readonly steps: readonly number[];
  readonly step: number | null;
}

type Measured = Omit<Group, "name">;

interface GroupColumn {
  readonly id: string;
  /** The width in CSS pixels where letters have 12. */
  readonly width: number;
  cell(group: Measured, scale: Scale): TemplateResult | string | unknown;
}

/** The columns beside the name, what matters first. */
const MEASURES: readonly GroupColumn[] = [
  {
    id: "drift",
    width: 72,
    cell: ({ drift }, { largest }) => bar(drift[1], largest, short(drift[1])),
  },
  {
    id: "curve",
    width: 68,
    cell: ({ curve }, { steps, step, highest }) => trend(curve, steps, step, highest),
  },
  { id: "count", width: 48, cell: ({ count }) => compact(count) },
  {
    id: "range",
    width: 88,
    cell: ({ drift }) => text.range(short(drift[0], 2), short(drift[2], 2)),
  },
  { id: "centroid", width: 60, cell: ({ centroidDrift }) => short(centroidDrift) },
  { id: "unchanged", width: 72, cell: ({ unchanged }) => percent(unchanged) },
  {
    id: "spread",
    width: 92,
    cell: ({ spreadBefore, spreadAfter }) => text.fromTo(short(spreadBefore), short(spreadAfter)),
  },
  {
    id: "inside",
    width: 108,
    cell: ({ insideBefore, insideAfter }) =>
      text.fromTo(percent(insideBefore), percent(insideAfter)),
  },
  { id: "norm", width: 52, cell: ({ norm }) => short(norm[1]) },
];

/** The columns that tell something of a single step. */
const OF_ONE_STEP: ReadonlySet<string> = new Set(["count", "norm"]);
