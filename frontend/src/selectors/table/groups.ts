/** Finds the groups that are on screen: their tokens, their measures and their order. */

import type { GroupTrajectories } from "../../api/contract.gen";
import { comparisonOf, seriesOf } from "../../state/current";
import type { GroupsAnswer, RowList } from "../../state/slots";
import type { State } from "../../state/state";
import type { RowSet, Sort } from "../../state/view";
import { binned, statisticsOf } from "../../statistics/drift_statistics";
import { filled } from "../../util/fill_array";
import { memo } from "../../util/memo";
import { maskOf, onlyIn, rowsWhere, rowTest, within } from "../../util/row_lists";
import { compares, driftSummary } from "../shared/drift_summary";
import { availableColumns, idOfLogged, isLogged, type TableColumn } from "./table_columns";
import { filterMask } from "./table_filter";

/** The way to group by saved selections and by what the filter leaves. */
export const SETS = "sets";
/** The largest number of lists of rows that the server measures at once. */
export const MOST_LISTS = 100;

/** The 10, 50 and 90 % quantiles. */
export type Quantiles = readonly [p10: number, median: number, p90: number];

/** Measures of a group of tokens between the reference step and the step. */
export interface Group extends ReturnType<typeof groupAt> {
  /** null for what the filter leaves. */
  readonly name: string | null;
  /** Its median drift at each step; null until that is there. */
  readonly curve: Float32Array | null;
}

/** Returns the ids of the columns that tokens can be grouped by, with their names. */
export function groupColumns(state: State): readonly TableColumn[] {
  return availableColumns(state).filter(({ id }) => isLogged(id));
}

/**
 * Returns how the table groups tokens; empty where it lists tokens. Groups are measured by drift, of
 * which there is none between tables of different dimensions.
 */
export function groupByOf(state: State): string {
  const { groupBy } = state.view;
  if (comparisonOf(state) === "neighbors") return "";
  const isKnown = groupBy === SETS || groupColumns(state).some(({ id }) => id === groupBy);
  return isKnown ? groupBy : "";
}

export function columnOf(state: State, id: string): string | null {
  const series = seriesOf(state);
  return series?.columns.find(({ name }) => idOfLogged(series, name) === id)?.name ?? null;
}

/** Returns the saved selections, and what the filter leaves, as far as they have tokens. */
export function listsOf(state: State): readonly RowList[] {
  return lists(state.view.sets, filterMask(state), seriesOf(state)?.shown_rows ?? 0);
}

const lists = memo(
  (sets: readonly RowSet[], left: Uint8Array | null, count: number): readonly RowList[] => {
    const known = sets.map(({ name, rows }) => ({ name, rows: within(rows, count) }));
    const filtered = left ? [{ name: null, rows: rowsWhere(left, 1) }] : [];
    return [...known, ...filtered].filter(({ rows }) => rows.length);
  },
);

/** Returns the groups of the table in its order; null until they are there. */
export function shownGroups(state: State): readonly Group[] | null {
  const { groups, groupTrajectories, groupNeighbors } = state.slots;
  const isOther = groups.value?.by !== groupByOf(state);
  if (!groups.value || isOther) return null;
  const found = measured(groups.value, groupTrajectories.value, groupNeighbors.value);
  return sorted(found, groupSortOf(state));
}

/** Returns whether two answers are about the same groups between the same steps. */
function areAlike(one: GroupsAnswer, other: GroupsAnswer): boolean {
  const isSameSpan = one.reference === other.reference && one.step === other.step;
  return (
    isSameSpan && one.against === other.against && one.by === other.by && one.lists === other.lists
  );
}

export function groupSortOf(state: State): Sort {
  return state.view.groupSort ?? (comparisonOf(state) === "drift" ? BY_DRIFT : BY_NORM);
}

const BY_DRIFT: Sort = { by: "drift", descending: true };
const BY_NORM: Sort = { by: "norm", descending: true };

const measured = memo(
  (
    groups: GroupsAnswer,
    curves: GroupTrajectories | null,
    neighbors: GroupsAnswer | null,
  ): readonly Group[] => {
    const { lists } = groups;
    // This answer has the same measures, and those of neighbors.
    const { answer } = neighbors && areAlike(neighbors, groups) ? neighbors : groups;
    const { length } = curves?.steps ?? [];
    const fits = curves !== null && curves.drift.length === length * answer.names.length;
    return answer.names.map((name, at) => ({
      ...groupAt(answer, at),
      name: lists ? (lists[at]?.name ?? null) : name,
      curve: fits ? curves.drift.subarray(at * length, (at + 1) * length) : null,
    }));
  },
);

/** Returns the measures of the group at a place among those that the server named. */
export function groupAt(answer: GroupsAnswer["answer"], at: number) {
  const quantiles = (all: Float32Array) =>
    [...all.subarray(3 * at, 3 * at + 3)] as unknown as Quantiles;
  const value = (all: Float32Array) => all[at] ?? Number.NaN;
  return {
    at,
    count: answer.counts[at] ?? 0,
    drift: quantiles(answer.drift),
    norm: quantiles(answer.norm),
    /** The share of its tokens that are the same at both steps. */
    unchanged: value(answer.unchanged),
    centroidDrift: value(answer.centroid_drift),
    spreadBefore: value(answer.spread_before),
    spreadAfter: value(answer.spread_after),
    /** The share of the neighbors of its tokens that are in the group; NaN until that is known. */
    insideBefore: value(answer.inside_before),
    insideAfter: value(answer.inside_after),
  };
}

/** What a group is sorted by, by the id of the column. */
const SORT_VALUES: Readonly<Record<string, (group: Group) => number>> = {
  count: ({ count }) => count,
  drift: ({ drift }) => Math.abs(drift[1]),
  norm: ({ norm }) => norm[1],
  unchanged: ({ unchanged }) => unchanged,
  centroid: ({ centroidDrift }) => Math.abs(centroidDrift),
  spread: ({ spreadBefore, spreadAfter }) => spreadAfter / spreadBefore,
  inside: ({ insideBefore, insideAfter }) => insideAfter - insideBefore,
};

const sorted = memo((groups: readonly Group[], { by, descending }: Sort): readonly Group[] => {
  const measure = SORT_VALUES[by];
  // Names keep the order of the server, in which bins of numbers ascend.
  if (!measure) return descending ? groups.toReversed() : groups;
  const known = groups.filter((group) => !Number.isNaN(measure(group)));
  const sign = descending ? -1 : 1;
  known.sort((a, b) => sign * (measure(a) - measure(b)));
  return [...known, ...groups.filter((group) => Number.isNaN(measure(group)))];
});

export function rowsOfGroup(state: State, at: number): readonly number[] {
  const groups = state.slots.groups.value;
  if (!groups) return [];
  const { lists, answer } = groups;
  return lists ? (lists[at]?.rows ?? []) : rowsWhere(answer.members, at);
}

/** Returns the selected tokens that moved most, the farthest first; the last ones without drift. */
export function movedMost(state: State, most: number): readonly number[] {
  const drift = state.slots.drift.value;
  return first(state.view.selection, drift && compares(drift) ? drift.values : null, most);
}

const first = memo((selection: readonly number[], values: Float32Array | null, most: number) => {
  if (!values) return selection.slice(-most).reverse();
  const found = onlyIn(statisticsOf(values).order, maskOf(selection, values.length));
  return [...found.subarray(0, most)];
});

/** Counts the selected tokens by how far they moved, as `driftSummary` counts all; null without drift. */
export function selectedBins(state: State): readonly number[] | null {
  const summary = driftSummary(state);
  if (!summary?.largest) return null;
  return binsOf(state.view.selection, summary.drift.values, summary.largest, summary.bins.length);
}

const binsOf = memo(
  (selection: readonly number[], values: Float32Array, most: number, bins: number) => {
    const sizes = Float32Array.from(selection, (row) => Math.abs(values[row] ?? Number.NaN));
    return binned(sizes, most, bins);
  },
);

/** Returns 1 for each token of the group below the pointer; null for none. */
export function hoveredGroupMask(state: State): Uint8Array | null {
  const { hoveredGroup } = state.passing;
  const groups = state.slots.groups.value;
  if (hoveredGroup === null || !groups || groups.by !== groupByOf(state)) return null;
  return groupMask(groups, hoveredGroup, seriesOf(state)?.shown_rows ?? 0);
}

const groupMask = memo(({ lists, answer }: GroupsAnswer, at: number, count: number) => {
  const { members } = answer;
  if (lists) return maskOf(lists[at]?.rows ?? [], count);
  return filled(new Uint8Array(members.length), (row) => (members[row] === at ? 1 : 0));
});

/** Returns the name of the group, or of the saved selection, that is selected; null for none. */
export function selectedName(state: State): string | null {
  const groups = state.slots.groups.value;
  const { selection, sets } = state.view;
  return nameOf(selection, sets, groups?.by === groupByOf(state) ? groups : null);
}

const nameOf = memo(
  (selection: readonly number[], sets: readonly RowSet[], groups: GroupsAnswer | null) => {
    const { length } = selection;
    const { members, names, counts } = groups?.answer ?? { members: [], names: [], counts: [] };
    const at = members[selection[0] ?? -1] ?? -1;
    if (counts[at] === length && selection.every((row) => members[row] === at)) {
      return names[at] ?? null;
    }
    const isSame = ({ rows }: RowSet) => {
      if (rows.length !== length) return false;
      const test = rowTest(rows);
      return selection.every((row) => test.has(row));
    };
    return sets.find(isSame)?.name ?? null;
  },
);
