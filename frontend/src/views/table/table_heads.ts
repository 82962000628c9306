/** Draws the heads of the table, which sort and resize its columns. */

import { html, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import type { TableColumn } from "../../selectors/table/table_columns";
import { patchPassing, sortBy } from "../../state/actions";
import type { State } from "../../state/state";
import { COLUMN_HEADS, columnHelp, MEASURE_HEADS, MEASURE_HELP, text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { edge } from "../shared/resize_edge";
import type { Act } from "../shared/state_element";
import type { TableSlice } from "./table_slice";

/** The largest width of a column, in CSS pixels. */
const WIDEST = 600;
/** The distance that an arrow key moves the edge of a column, in CSS pixels. */
const KEY_PX = 8;

/** The width of a column, and what its content needs, in CSS pixels. */
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
  const classes = { right: column.kind === "number", name: at === 2, busy: busy.has(column.id) };
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
