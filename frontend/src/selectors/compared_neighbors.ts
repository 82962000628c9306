/** Decides whose neighbors are shown side by side and which of them are still missing. */

import { queryOf } from "../api/data_source";
import { inspectedRow, versionOf } from "../state/current";
import { NO_COMPARED_NEIGHBORS, type State } from "../state/state";
import { comparedRows } from "./compared_tokens";
import { whereOf } from "./table_columns";

export function askOf(state: State, row: number) {
  const where = whereOf(state);
  if (!where) return null;
  const { of, reference, step, metric, k } = where;
  return { ...of, index: row, from_step: reference, to_step: step, metric, k };
}

export function keyOf(state: State): string {
  const ask = askOf(state, 0);
  return ask ? `${queryOf(ask)}#${versionOf(state)}` : "";
}

/** The first compared token whose neighbors are to be shown and are not known. */
export function missingRow(state: State): number | null {
  const rows = comparedRows(state);
  if (rows.length < 2) return null;
  const { key, byRow } = state.comparedNeighbors;
  const known = key === keyOf(state) ? byRow : NO_COMPARED_NEIGHBORS.byRow;
  const inspected = inspectedRow(state);
  return rows.find((row) => row !== inspected && !known.has(row)) ?? null;
}

/** Whether what is known is of other steps, or of another number of neighbors. */
export function areNeighborsWaiting(state: State): boolean {
  return state.comparedNeighbors.key !== keyOf(state) && missingRow(state) !== null;
}
