/** Decides which labels of the map come first: the most drifted of the frequent tokens. */

import { isolateSelection, selectRows } from "../state/actions";
import type { State } from "../state/state";
import { orderBySize } from "../statistics/drift_statistics";
import { commonFirst } from "../statistics/order_filters";
import { memo } from "../util/memo";
import { rowTest, withLast } from "../util/row_lists";
import { frequencyOf, minFrequencyOf } from "./frequency";
import { isolatedMask } from "./isolation";

const priority = memo(
  (drift: Float32Array, frequency: readonly (number | null)[] | null, floor: number) => {
    const all = orderBySize(drift, true);
    return frequency && floor > 0 ? commonFirst(all, frequency, floor) : all;
  },
);

/** Returns the rows in the order of their labels: the most drifted of the common ones first. */
export function labelPriority(state: State): Uint32Array | null {
  const drift = state.slots.drift.value;
  if (!drift) return null;
  const order = priority(drift.values, frequencyOf(state), minFrequencyOf(state));
  const mask = isolatedMask(state);
  return mask ? onlyDrawn(order, mask) : order;
}

const onlyDrawn = memo((order: Uint32Array, mask: Uint8Array) =>
  order.filter((row) => mask[row] !== 0),
);

/** Selects rows; of many, the one that moved most comes last and is inspected. */
export const selectMany =
  (rows: readonly number[], how?: "replace" | "add" | "remove") =>
  (state: State): State =>
    selectRows(byPriority(state, rows), how)(state);

/** Draws only the selected rows, or all again; of many, the one that moved most is inspected. */
export const isolateMany = (state: State): State => {
  const { selection } = state.view;
  const focused = selection.length > FEW ? selectMany(selection)(state) : state;
  return isolateSelection(focused);
};

/** Of so many rows, the one that was selected last stays inspected. */
const FEW = 12;

/** Moves the most important row to the end; keeps the order while it is not known. */
function byPriority(state: State, rows: readonly number[]): readonly number[] {
  const order = labelPriority(state);
  const given = rowTest(rows);
  const first = order?.find((row) => given.has(row));
  return first === undefined ? rows : withLast(rows, first);
}
