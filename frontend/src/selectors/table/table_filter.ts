/** Decides which rows the table is narrowed down to. */

import { FilterError } from "../../filter/filter_error";
import { type Condition, rowsMeeting, type Values } from "../../filter/filter_operators";
import { type Columns, parseFilter } from "../../filter/parse_filter";
import { seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { bothMasks, maskOf } from "../../util/row_lists";
import { minFrequencyOf } from "../shared/frequency";
import { isolatedMask } from "../shared/isolation";
import { valuesOf } from "./column_values";
import { availableColumns, isLogged, type TableColumn } from "./table_columns";

/** A filter that was understood, or what is wrong with it. */
export type Filter =
  | { readonly condition: Condition; readonly error: null }
  | { readonly error: FilterError };

const TOKEN: TableColumn = { id: "token", name: "token", kind: "text" };

export const filterColumns = memo((available: readonly TableColumn[]) => columnsFor(available));

function columnsFor(available: readonly TableColumn[]): Columns {
  const all = [TOKEN, ...available].filter(({ kind }) => kind !== "trend");
  // Logged columns come first: they are filtered by most often, and differ from log to log.
  const isFirst = ({ id }: TableColumn) => ["token", "drift"].includes(id) || isLogged(id);
  const sorted = [...all.filter(isFirst), ...all.filter((column) => !isFirst(column))];
  return {
    names: sorted.map(({ name }) => name),
    find(name, logged) {
      const named = (wanted: string) =>
        all.find(
          (column) => column.name.toLowerCase() === wanted && (!logged || isLogged(column.id)),
        );
      const found =
        all.find((column) => column.name === name && (!logged || isLogged(column.id))) ??
        all.find((column) => column.id === name && !logged) ??
        named(name.toLowerCase());
      return found && found.kind !== "trend" ? { id: found.id, kind: found.kind } : null;
    },
  };
}

/** Reads a filter; null for an empty one. */
export const readFilter = memo(
  (source: string, available: readonly TableColumn[]): Filter | null => {
    if (!source.trim()) return null;
    try {
      return { condition: parseFilter(source, filterColumns(available)), error: null };
    } catch (error) {
      if (error instanceof FilterError) return { error };
      throw error;
    }
  },
  2,
);

/** Returns the filter; null without one, or while the columns of the series are not known. */
export function filterOf(state: State): Filter | null {
  const available = availableColumns(state);
  return available.length ? readFilter(state.view.filter, available) : null;
}

/**
 * Returns what finds the rows of a series that meet a condition. Series with equal columns share the
 * condition, but not the rows.
 */
const finderFor = memo((condition: Condition, _run: string, _tag: string) => {
  let last: Uint8Array | null = null;
  return memo((values: readonly (Values | null)[], rows: number) => {
    // Until the values of the next step are there, the mask of the step before stays.
    last = rowsMeeting(condition, values, rows) ?? last;
    return last;
  });
});

/** Returns 1 for each row that meets the filter; null without one, or while it can't be told. */
export function filterMask(state: State): Uint8Array | null {
  const filter = filterOf(state);
  const series = seriesOf(state);
  if (filter?.error !== null || !series) return null;
  const values = filter.condition.columns.map((id) => valuesOf(state, id));
  return finderFor(filter.condition, series.run, series.tag)(values, series.shown_rows);
}

const maskOfRows = memo(maskOf);

const both = memo(bothMasks);

/** Returns the rows that the table is narrowed down to, by filter, isolation and selection. */
export function narrowedMask(state: State): Uint8Array | null {
  const rows = seriesOf(state)?.shown_rows ?? 0;
  const { onlySelected, selection } = state.view;
  const selected = onlySelected ? maskOfRows(selection, rows) : null;
  return both(filterMask(state), isolatedMask(state), selected);
}

/** Returns whether the rows were chosen in a way to which no minimum frequency applies. */
export function ignoresMinFrequency(state: State): boolean {
  const filter = filterOf(state);
  const byFrequency = filter?.error === null && filter.condition.columns.includes("frequency");
  return byFrequency || state.view.onlySelected || isolatedMask(state) !== null;
}

/** Returns the minimum frequency of the rows in the table; 0 where none applies. */
export function tableFloor(state: State): number {
  return ignoresMinFrequency(state) ? 0 : minFrequencyOf(state);
}
