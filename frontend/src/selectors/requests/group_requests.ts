/** Makes the requests for groups: those of the table, the selected tokens, and all tokens. */

import type { Groups, Series } from "../../api/contract.gen";
import { type AskOfSeries, type Question, queryOf } from "../../api/data_source";
import { comparisonOf, seriesOf } from "../../state/current";
import type { GroupsAnswer, RowList } from "../../state/slots";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { within } from "../../util/row_lists";
import { requestsAbout } from "../shared/request";
import type { Choices } from "../shared/request_choices";
import { looksForChangedNeighbors } from "../table/changed_neighbors";
import { columnOf, groupByOf, listsOf, MOST_LISTS, SETS } from "../table/groups";

/** Asks once the step and the groups have not changed for a while. */
const OF_THE_STEP = { rest: 120, endsJob: true };

export function groupRequests(
  state: State,
  { reference, curves, step, measure, other, aligned }: Choices,
) {
  const series = seriesOf(state);
  if (!series || comparisonOf(state) === "neighbors") return {};
  const by = groupByOf(state);
  const lists = by === SETS ? listsOf(state) : null;
  const column = by && !lists ? (columnOf(state, by) ?? "") : "";
  const rows = lists ? textOf(lists) : "";
  const isGrouped = column !== "" || rows !== "";
  const selected = selectedText(state.view.selection, series.shown_rows);
  const isSelected = selected !== "";
  const between = { from_step: reference, to_step: step, measure, ...aligned };
  const groups = (ofColumn: string, ofRows: string, k = 0) =>
    groupsOf(series, other, { ...between, column: ofColumn, rows: ofRows, k });
  const paths = (ofColumn: string, ofRows: string) =>
    pathsOf(series, other, { measure, ...curves, column: ofColumn, rows: ofRows });
  const read = (answer: Groups): GroupsAnswer => ({
    ...{ by, against: queryOf(aligned), lists, reference, step, answer },
  });
  // Curves and neighbors take longer: they are asked for when the groups are there.
  const { slots } = state;
  const areThere = isGrouped && slots.groups.value?.by === by;
  return {
    groups: isGrouped && { ...groups(column, rows), read },
    groupTrajectories: areThere && paths(column, rows),
    groupNeighbors: areThere &&
      looksForChangedNeighbors(state) && { ...groups(column, rows, state.view.k), read },
    allTokens: (isGrouped || isSelected) && groups("", ""),
    selectedGroup: isSelected && groups("", selected),
    selectedPath: isSelected && slots.selectedGroup.value !== null && paths("", selected),
  };
}

/** Questions about many rows are long texts, so they are made once. */
const groupsOf = memo(
  (series: Series, other: Series | null, ask: AskOfSeries<"groups">): Question<"groups"> =>
    requestsAbout(series, other)("groups", ask, OF_THE_STEP),
  4,
);

const pathsOf = memo(
  (
    series: Series,
    other: Series | null,
    ask: AskOfSeries<"group_trajectories">,
  ): Question<"group_trajectories"> =>
    requestsAbout(series, other)("group_trajectories", ask, OF_THE_STEP),
  2,
);

/** Writes the selected rows; empty for less than two, which are no group. */
const selectedText = memo((selection: readonly number[], count: number): string => {
  const rows = within(selection, count);
  return rows.length > 1 ? [...rows].sort((a, b) => a - b).join(".") : "";
});

const textOf = memo((lists: readonly RowList[]) =>
  lists
    .slice(0, MOST_LISTS)
    .map(({ rows }) => rows.join("."))
    .join(","),
);
