/** Selects what the table shows of the state. */

import type { Values } from "../../filter/filter_operators";
import { setsByRow } from "../../selectors/map/set_colors";
import { compares } from "../../selectors/shared/drift_summary";
import { labelsOf } from "../../selectors/shared/row_labels";
import { inReference } from "../../selectors/shared/tokens_in_reference";
import { columnSlot, valuesOf } from "../../selectors/table/column_values";
import { groupByOf } from "../../selectors/table/groups";
import { fixedRows } from "../../selectors/table/row_updates";
import { shownColumns } from "../../selectors/table/table_columns";
import { type Ranking, rankingOf } from "../../selectors/table/table_order";
import { comparisonOf, inspectedRow, otherSeriesOf, sortOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { rowTest } from "../../util/row_lists";

const testOf = memo(rowTest);
const NOTHING: Values = { numbers: [] };

export type TableSlice = ReturnType<typeof tableSlice>;

export function tableSlice(state: State) {
  const { view, passing, slots } = state;
  const columns = shownColumns(state);
  const drift = slots.drift.value;
  // At the reference step all drift is 0.
  const compared = drift !== null && compares(drift);
  const shown = (id: string) => (id === "drift" && !compared ? NOTHING : valuesOf(state, id));
  const { filter, onlySelected, isolated } = view;
  const narrowed = filter.trim() || onlySelected || isolated;
  return {
    ranking: rankingOf(state),
    labels: labelsOf(state),
    columns,
    /** The values of each column; the last entry is the drift to which trends are drawn. */
    values: [...columns.map(({ id }) => shown(id)), shown("drift")],
    busy: columns.filter(({ id }) => columnSlot(state, id)?.pending).map(({ id }) => id),
    trends: slots.trends.value,
    step: stepOf(state),
    tableShare: view.tableShare,
    widths: passing.widths,
    measure: drift?.measure ?? view.measure,
    k: view.k,
    metric: view.metric,
    sort: sortOf(state),
    search: view.query.trim(),
    /** The filters of the table as a string; empty without any. */
    narrowedBy: narrowed ? JSON.stringify([filter, onlySelected, isolated?.length]) : "",
    selected: testOf(view.selection),
    sets: setsByRow(state),
    fixed: fixedRows(state),
    isOther: otherSeriesOf(state) !== null,
    /** Whether trends stay within the run on screen, as it can't be aligned with the other one. */
    isOwnTrend: comparisonOf(state) === "neighbors",
    /** The row of each token in the reference, -1 for none; null where that is of the same series. */
    inReference: inReference(state)?.rows ?? null,
    inspected: inspectedRow(state),
    hovered: passing.hover,
    isGrouped: groupByOf(state) !== "",
    loading: slots.drift.pending !== null || state.search.pending,
    stale: slots.drift.failure !== null,
  };
}

/** Returns the rows between two places of a ranking, both included; the row of the second comes last. */
export function rowsFromTo({ order, places }: Ranking, from: number, to: number): number[] {
  const start = Math.min(Math.max(from, 0), places.length - 1);
  if (to < 0 || start < 0) return [];
  const listed = places.slice(Math.min(start, to), Math.max(start, to) + 1);
  const rows = Array.from(listed, (place) => order[place] ?? 0);
  return to < start ? rows.reverse() : rows;
}
