/** Decides what the exported CSV files contain: table, neighbors, health and trajectory. */

import { healthOf } from "../selectors/health/health_values";
import { fatesOf } from "../selectors/map/neighbor_marks";
import { labelOf, labelsOf, rowNumbers } from "../selectors/shared/row_labels";
import { comparesSteps } from "../selectors/shared/tokens_in_reference";
import { columnSlot, valuesOf } from "../selectors/table/column_values";
import { type Group, groupByOf, type Quantiles, shownGroups } from "../selectors/table/groups";
import { isLogged, shownColumns } from "../selectors/table/table_columns";
import { rankingOf, sortedBy } from "../selectors/table/table_order";
import { comparedRows } from "../selectors/token/compared_tokens";
import { inspectedTrajectory, valuesOf as valuesAt } from "../selectors/token/trajectories";
import { inspectedRow, otherSeriesOf, referenceOf, seriesOf, stepOf } from "../state/current";
import type { State } from "../state/state";
import { columnName, curveName, MEASURE_NAMES } from "../strings";
import { fileName } from "../util/download";
import { type CsvColumn, csvPieces, type TableFile } from "./csv";

/**
 * Returns the table as it is: its columns, filter and order; null while there is none, or what is
 * there is of another step.
 */
export function tableCsv(state: State): TableFile | null {
  if (groupByOf(state)) return groupsCsv(state);
  const ranking = rankingOf(state);
  if (!ranking || isOnTheWay(state)) return null;
  const { order, places } = ranking;
  const columns = shownColumns(state).flatMap(({ id, name, kind }): CsvColumn[] => {
    const isKnown = kind !== "trend" && !columnSlot(state, id)?.failure;
    const values = isKnown ? valuesOf(state, id) : null;
    return values ? [{ head: headOf(state, { id, name }), values }] : [];
  });
  const rows = Uint32Array.from(places, (place) => order[place] ?? 0);
  const rank = new Float64Array(labelsOf(state).length);
  for (const place of places) rank[order[place] ?? 0] = place + 1;
  return {
    name: named(state, ["tokens", comparing(state)]),
    pieces: csvPieces(rows, [
      { head: "rank", values: { numbers: rank } },
      { head: "row", values: { numbers: rowNumbers(state) } },
      { head: "token", values: { texts: labelsOf(state) } },
      ...columns,
    ]),
  };
}

/** Returns the full name of a column: a file says what its numbers are, wherever it is opened. */
function headOf(state: State, column: { id: string; name: string }): string {
  const measure = MEASURE_NAMES[state.slots.drift.value?.measure ?? state.view.measure];
  if (column.id === "drift") return measure;
  const name = isLogged(column.id) ? column.name : columnName(column);
  return column.id === "step_drift" ? `${name} (${measure})` : name;
}

/** Returns the groups of the table in its order; null while they are not there. */
function groupsCsv(state: State): TableFile | null {
  const groups = shownGroups(state);
  if (!groups || state.slots.groups.pending) return null;
  const measure = MEASURE_NAMES[state.view.measure];
  const quantiles = (head: string, of: (group: Group) => Quantiles) =>
    ["p10", "p50", "p90"].map((name, at) =>
      numbers(`${head} ${name}`, groups, (group) => of(group)[at] ?? Number.NaN),
    );
  return {
    name: named(state, ["groups", comparing(state)]),
    pieces: csvPieces(places(groups), [
      { head: "group", values: { texts: groups.map(({ name }) => name ?? state.view.filter) } },
      numbers("tokens", groups, ({ count }) => count),
      ...quantiles(measure, ({ drift }) => drift),
      ...quantiles("norm", ({ norm }) => norm),
      numbers("unchanged", groups, ({ unchanged }) => unchanged),
      numbers(`centroid: ${measure}`, groups, ({ centroidDrift }) => centroidDrift),
      numbers("spread before", groups, ({ spreadBefore }) => spreadBefore),
      numbers("spread after", groups, ({ spreadAfter }) => spreadAfter),
      numbers("neighbors inside before", groups, ({ insideBefore }) => insideBefore),
      numbers("neighbors inside after", groups, ({ insideAfter }) => insideAfter),
    ]),
  };
}

/** Returns whether the table still waits for values that it shows or is sorted by. */
function isOnTheWay(state: State): boolean {
  const ids = [...shownColumns(state).map(({ id }) => id), sortedBy(state)];
  return state.slots.drift.pending !== null || ids.some((id) => columnSlot(state, id)?.pending);
}

/** Returns the neighbors of the inspected token at both steps; null while they are not there. */
export function neighborsCsv(state: State): TableFile | null {
  const change = state.slots.change.value;
  if (change?.index !== inspectedRow(state)) return null;
  const { before, after, from_step, to_step, token } = change;
  const listed = [
    ...before.map((one, at) => ({ ...one, step: from_step, rank: at + 1 })),
    ...(comparesSteps(change)
      ? after.map((one, at) => ({ ...one, step: to_step, rank: at + 1 }))
      : []),
  ];
  const fates = fatesOf(change);
  return {
    name: named(state, ["neighbors", token, comparing(state)]),
    pieces: csvPieces(places(listed), [
      numbers("step", listed, ({ step }) => step),
      numbers("rank", listed, ({ rank }) => rank),
      numbers("row", listed, ({ index }) => rowNumbers(state)[index] ?? index),
      { head: "token", values: { texts: listed.map((one) => one.token) } },
      numbers("distance", listed, ({ distance }) => distance),
      { head: "change", values: { texts: listed.map(({ index }) => fates.get(index) ?? "") } },
    ]),
  };
}

/** Returns each measure of Health at each step, named as in the health route; null without one. */
export function healthCsv(state: State): TableFile | null {
  const health = healthOf(state);
  if (!health) return null;
  const { job: _, steps, ...measures } = health;
  const columns = Object.entries(measures).flatMap(([name, measure]): CsvColumn[] =>
    Array.isArray(measure)
      ? [column(name, measure)]
      : Object.entries<Numbers>({ ...measure }).map(([part, values]) =>
          column(`${name}_${part}`, values),
        ),
  );
  return {
    name: named(state, ["health"]),
    pieces: csvPieces(places(steps), [column("step", steps), ...columns]),
  };
}

/** Writes drift and norm of the inspected token and those compared with it; null until they are there. */
export function trajectoryCsv(state: State): TableFile | null {
  const answer = state.slots.trajectories.value;
  const [one, inspected] = [inspectedTrajectory(state), inspectedRow(state)];
  if (!answer || !one || inspected === null) return null;
  const compared = comparedRows(state);
  const rows = answer.indices.filter((row) => compared.includes(row));
  const each = rows.flatMap((row) => one.steps.map((step) => ({ row, step })));
  const values = (of: Float32Array) =>
    Float32Array.from(
      rows.flatMap((row) => valuesAt(answer, row, of) ?? []),
      (value) => value ?? Number.NaN,
    );
  return {
    name: named(state, ["trajectory", labelOf(state, inspected)]),
    pieces: csvPieces(places(each), [
      { head: "token", values: { texts: each.map(({ row }) => labelOf(state, row)) } },
      numbers("row", each, ({ row }) => rowNumbers(state)[row] ?? row),
      numbers("step", each, ({ step }) => step),
      column(curveName(one, seriesOf(state)), values(answer.drift)),
      column("norm", values(answer.norm)),
    ]),
  };
}

function numbers<T>(head: string, rows: readonly T[], of: (row: T) => number): CsvColumn {
  return column(head, rows.map(of));
}

type Numbers = readonly (number | null)[] | Float32Array;

function column(head: string, values: Numbers): CsvColumn {
  const numbers =
    values instanceof Float32Array ? values : values.map((value) => value ?? Number.NaN);
  return { head, values: { numbers } };
}

function places({ length }: readonly unknown[]): number[] {
  return Array.from({ length }, (_, at) => at);
}

function named(state: State, parts: readonly string[]): string {
  const { run = "", tag = "" } = seriesOf(state) ?? {};
  return fileName([run, tag, ...parts], "csv");
}

/** Returns the part of the name that says which two steps a table compares. */
function comparing(state: State): string {
  const { run = "" } = otherSeriesOf(state) ?? {};
  return [run, `step-${referenceOf(state)}-to-${stepOf(state)}`].filter(Boolean).join("-");
}
