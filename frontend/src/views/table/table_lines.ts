/** Draws the rows of the table and its heads, which sort and resize the columns. */

import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import type { TableColumn } from "../../selectors/table/table_columns";
import { hover, patchPassing, sortBy } from "../../state/actions";
import type { State } from "../../state/state";
import { COLUMN_HEADS, columnHelp, MEASURE_HEADS, MEASURE_HELP, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { count } from "../../util/number_format";
import { edge } from "../shared/resize_edge";
import type { Act } from "../shared/state_element";
import { cell, largestOf, largestTrend, setDots, trend } from "./table_cells";
import type { TableSlice } from "./table_slice";

/** The largest width of a column, in CSS pixels. */
const WIDEST = 600;
/** The distance that an arrow key moves the edge of a column, in CSS pixels. */
const KEY_PX = 8;

interface Width {
  readonly width: number;
  readonly least: number;
}

/** Returns the heads of the table; a click sorts by a column, dragging an edge resizes a column. */
export function tableHeads(slice: TableSlice, act: Act, widths: readonly Width[]): TemplateResult {
  return html`<div class="heads line" role="row" aria-rowindex="1">
    <span role="columnheader" aria-colindex="1" class="right rank">${text.rank}</span>
    ${head(slice, act, { id: "token", name: text.token, kind: "text" }, 2, null)}
    ${slice.columns.map((column, at) => head(slice, act, column, at + 3, widths[at] ?? null))}
  </div>`;
}

function head(
  slice: TableSlice,
  act: Act,
  column: TableColumn,
  at: number,
  width: Width | null,
): TemplateResult {
  const { sort, busy } = slice;
  const { label, help } = namesOf(column, slice);
  const active = sort.by === column.id;
  const direction = active ? (sort.descending ? "descending" : "ascending") : "none";
  const classes = {
    right: column.kind === "number",
    name: at === 2,
    busy: busy.includes(column.id),
  };
  const sign = active ? (sort.descending ? "↓" : "↑") : "";
  return html`<span role="columnheader" aria-colindex=${at} class=${classMap(classes)} aria-sort=${direction}>
    ${
      column.kind === "trend"
        ? html`<span class="ellipsis" title=${help}>${label}</span>`
        : html`<button class="quiet ellipsis" title=${help} @click=${() => act(sortBy(column.id))}>
            ${label}<span class="arrow" aria-hidden="true">${sign}</span>
          </button>`
    }
    ${width && columnEdge(act, column, label, width)}
  </span>`;
}

function columnEdge(
  act: Act,
  column: TableColumn,
  label: string,
  { width, least }: Width,
): TemplateResult {
  return edge({
    kind: "column",
    label: text.widthOf(label),
    title: text.resizeEdge,
    size: width,
    least,
    most: WIDEST,
    step: KEY_PX,
    resize: (width) => act(setWidth(column.id, width)),
  });
}

export function namesOf(
  column: TableColumn,
  slice: Pick<TableSlice, "measure" | "k" | "metric" | "isOwnTrend">,
) {
  if (column.id === "drift") {
    return { label: MEASURE_HEADS[slice.measure], help: MEASURE_HELP[slice.measure] };
  }
  const isOwn = column.kind === "trend" && slice.isOwnTrend;
  const label = isOwn ? text.itself : (COLUMN_HEADS[column.id] ?? cleanLabel(column.name));
  return { label, help: columnHelp(column.id, slice.k, slice.metric) ?? label };
}

function setWidth(id: string, width: number | null) {
  return (state: State): State => {
    const { [id]: _, ...others } = state.passing.widths;
    const widths = width === null ? others : { ...others, [id]: width };
    return patchPassing({ widths })(state);
  };
}

const DRIFT = { id: "drift", name: "drift", kind: "number" } as const;

/** Returns the row at an index of the list, `top` pixels below its start. */
export function tableRow(
  slice: TableSlice,
  act: Act,
  { at, top, active }: { at: number; top: number; active: number | null },
  onClick: (row: number, event: MouseEvent) => void,
): TemplateResult {
  const { ranking, labels, selected, hovered } = slice;
  const place = ranking?.places[at] ?? 0;
  const row = ranking?.order[place] ?? 0;
  const label = cleanLabel(labels[row] ?? `#${row}`);
  const isSelected = selected.has(row);
  const sets = slice.sets.get(row) ?? [];
  const isFixed = slice.fixed.has(row);
  const isNew = (slice.inReference?.[row] ?? 0) < 0;
  const title = [
    label,
    ...(isFixed ? [text.fixedRow] : []),
    ...(isNew ? [text.notInReference] : []),
    ...sets.map(({ name }) => cleanLabel(name)),
  ].join(" · ");
  const classes = {
    line: true,
    row: true,
    hovered: hovered === row,
    active: active === row,
  };
  return html`<div
      id="row-${row}"
      role="row"
      class=${classMap(classes)}
      aria-rowindex=${at + 2}
      aria-selected=${isSelected}
      style="transform: translateY(${top}px)"
      @click=${(event: MouseEvent) => onClick(row, event)}
      @mouseenter=${() => act(hover(row))}
    >
      <span role="gridcell" aria-colindex="1" class="right rank">${count(place + 1)}</span>
      <span role="gridcell" aria-colindex="2" class="name ellipsis" dir="auto" title=${title}
        >${setDots(sets)}<span class="token">${label}</span>${isFixed ? html` <span class="muted">${text.fixed}</span>` : nothing}${isNew ? html` <span class="muted">${text.newToken}</span>` : nothing}</span>
      ${cells(slice, row, act)}
    </div>`;
}

function cells(slice: TableSlice, row: number, act: Act): TemplateResult[] {
  const { columns, values, ranking, trends, step, busy } = slice;
  const order = ranking?.order ?? new Uint32Array();
  // The largest drift from another run may be at the first step, so that of this step is no scale.
  const drift = slice.isOther ? null : (values[columns.length] ?? null);
  const highest = drift ? largestOf(order, DRIFT, drift) : largestTrend(trends);
  return columns.map((column, at) => {
    const given = values[at] ?? null;
    const largest = largestOf(order, column, given);
    const content =
      column.kind === "trend"
        ? trend(trends?.byRow.get(row) ?? null, trends?.steps ?? [], step, highest)
        : cell(column, given, row, largest, act);
    const classes = {
      value: true,
      right: column.kind === "number",
      busy: busy.includes(column.id),
    };
    return html`<span role="gridcell" aria-colindex=${at + 3} class=${classMap(classes)}>${content}</span>`;
  });
}
