/** Selects what the table shows of the state. */

import type { Values } from "../../filter/evaluate";
import { valuesOf } from "../../selectors/column_values";
import { compares } from "../../selectors/drift_summary";
import { minFrequencyOf } from "../../selectors/frequency";
import { labelsOf } from "../../selectors/labels";
import { setsByRow } from "../../selectors/set_colors";
import { shownColumns } from "../../selectors/table_columns";
import { type Ranking, rankingOf } from "../../selectors/table_order";
import { inspectedRow, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { rowTest } from "../../util/row_lists";

const testOf = memo(rowTest);
const sameList = memo((...values: (Values | null)[]) => values);
const sameSet = memo((ids: string): ReadonlySet<string> => new Set(ids ? ids.split("\n") : []));
const NOTHING: Values = { numbers: [] };

export type TableSlice = ReturnType<typeof tableSlice>;

export function tableSlice(state: State) {
  const { view, passing, slots, trends } = state;
  const columns = shownColumns(state);
  const drift = slots.drift.value;
  // At the reference step there is no drift to speak of.
  const compared = drift !== null && compares(drift);
  const shown = (id: string) => (id === "drift" && !compared ? NOTHING : valuesOf(state, id));
  const busy = columns.filter(({ id }) => state.table[id]?.pending).map(({ id }) => id);
  const { filter, onlySelected, isolated } = view;
  const narrowed = filter.trim() || onlySelected || isolated;
  return {
    ranking: rankingOf(state),
    labels: labelsOf(state),
    columns,
    /** One for each column, and last of all the drift that trends are drawn to. */
    values: sameList(...columns.map(({ id }) => shown(id)), shown("drift")),
    /** The ids of columns that are on their way. */
    busy: sameSet(busy.join("\n")),
    trends: trends.byRow,
    trendSteps: trends.steps,
    step: stepOf(state),
    /** Read for the edge of the panel to follow. */
    tableShare: view.tableShare,
    widths: passing.widths,
    floor: minFrequencyOf(state),
    measure: drift?.measure ?? view.measure,
    k: view.k,
    metric: view.metric,
    sort: view.sort,
    search: view.query.trim(),
    /** What the table is narrowed down by; empty if by nothing. */
    narrowedBy: narrowed ? JSON.stringify([filter, onlySelected, isolated?.length]) : "",
    selected: testOf(view.selection),
    /** The saved selections that rows are in. */
    sets: setsByRow(state),
    inspected: inspectedRow(state),
    hovered: passing.hover,
    loading: slots.drift.pending !== null || state.search.pending,
    stale: slots.drift.failure !== null,
  };
}

/** The rows between two places of a ranking, both included, the second one last. */
export function rowsFromTo(
  { order, places }: Ranking,
  from: number,
  to: number,
  most: number,
): number[] {
  const start = Math.min(Math.max(from, 0), places.length - 1);
  if (to < 0 || start < 0) return [];
  const length = Math.min(Math.abs(to - start) + 1, most);
  const step = to >= start ? -1 : 1;
  const rows = Array.from({ length }, (_, at) => order[places[to + step * at] ?? 0] ?? 0);
  return rows.reverse();
}
