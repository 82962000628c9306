/** Collects answers about single rows: trends in the table, and neighbors of compared tokens. */

import type { NeighborChange } from "../../api/contract.gen";
import { inspectedRow } from "../../state/current";
import type { RowAnswers, Slot, Trends } from "../../state/slots";
import type { State } from "../../state/state";
import type { RequestMaker, SlotRequest } from "../shared/request";
import type { Choices } from "../shared/request_choices";
import { shownColumns } from "../table/table_columns";
import { comparedRows } from "../token/compared_tokens";

const REST_MS = 120;
/** The most rows that the server answers about at once. */
const MOST_AT_ONCE = 200;
const MOST_KEPT = 4000;

const NONE: ReadonlyMap<number, never> = new Map<number, never>();

function knownIn<T>({ value }: Slot<RowAnswers<T>>, key: string): ReadonlyMap<number, T> {
  return value?.key === key ? value.byRow : NONE;
}

/** Asks for the rows in view whose trends are not there; null where none is missing. */
export function trendsRequest(
  state: State,
  { curves, measure }: Choices,
  to: RequestMaker,
): SlotRequest<Trends> | null {
  if (!shownColumns(state).some(({ kind }) => kind === "trend")) return null;
  const ask = (rows: readonly number[]) => ({
    ...{ indices: rows.join("."), measure, ...curves },
  });
  const { key } = to("trajectories", ask([]));
  const known = knownIn(state.slots.trends, key);
  const missing = state.passing.tableRows.filter((row) => !known.has(row)).slice(0, MOST_AT_ONCE);
  if (!missing.length) return null;
  return to("trajectories", ask(missing), {
    ...{ rest: REST_MS, endsJob: true },
    read: ({ indices, drift, steps }) => {
      const { length } = steps;
      const found = indices.map((row, at): [number, Float32Array] => [
        row,
        drift.subarray(at * length, (at + 1) * length),
      ]);
      return { key, steps, byRow: new Map([...[...known].slice(-MOST_KEPT), ...found]) };
    },
  });
}

/** Asks for the neighbors of one compared token after the other; null where none is missing. */
export function comparedNeighborsRequest(
  state: State,
  { step, reference, metric, k, against }: Choices,
  to: RequestMaker,
): SlotRequest<RowAnswers<NeighborChange>> | null {
  const rows = comparedRows(state);
  // Neighbors are costly: those of steps on the way are not worth the work.
  if (rows.length < 2 || state.passing.playing) return null;
  const between = { from_step: reference, to_step: step, ...against };
  const ask = (index: number) => ({ index, ...between, metric, k });
  const { key } = to("neighbor_change", ask(-1));
  const known = knownIn(state.slots.comparedNeighbors, key);
  const inspected = inspectedRow(state);
  const missing = rows.find((row) => row !== inspected && !known.has(row));
  if (missing === undefined) return null;
  return to("neighbor_change", ask(missing), {
    endsJob: true,
    rest: known.size ? 0 : REST_MS,
    read: (change) => ({ key, byRow: new Map([...known, [missing, change]]) }),
  });
}
