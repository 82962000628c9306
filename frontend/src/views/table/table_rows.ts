/** Draws the rows of the table. */

import { html, nothing, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { styleMap } from "lit/directives/style-map.js";
import { hover } from "../../state/actions";
import { text } from "../../strings";
import { cleanLabel } from "../../util/label_text";
import { count } from "../../util/number_format";
import type { Act } from "../shared/state_element";
import { cell, largestOf, largestTrend, setDots, trend } from "./table_cells";
import type { TableSlice } from "./table_slice";

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
    selected: isSelected,
    hovered: hovered === row,
    active: active === row,
  };
  return html`<div
      id="row-${row}"
      role="row"
      class=${classMap(classes)}
      aria-rowindex=${at + 2}
      aria-selected=${isSelected}
      style=${styleMap({ transform: `translateY(${top}px)` })}
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
    const classes = { value: true, right: column.kind === "number", busy: busy.has(column.id) };
    return html`<span role="gridcell" aria-colindex=${at + 3} class=${classMap(classes)}>${content}</span>`;
  });
}
