/** Finds the trend of a row in the table: its drift over the steps. */

import { versionOf } from "../state/current";
import type { State } from "../state/state";
import { whereOf } from "./table_columns";

export function keyOf(state: State): string {
  const where = whereOf(state);
  return where ? JSON.stringify([where.reference, where.measure, versionOf(state)]) : "";
}

/** null while it is not known. */
export function trendOf(state: State, row: number): Float32Array | null {
  return state.trends.key === keyOf(state) ? (state.trends.byRow.get(row) ?? null) : null;
}
