/** Finds how often rows were updated, and which must not be. */

import type { Updates } from "../../api/contract.gen";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { type RowTest, rowTest } from "../../util/row_lists";

const testOf = memo((updates: Updates | null) => rowTest([...(updates?.fixed_rows ?? [])]));

/** Tells which rows training must not change, as far as that is known. */
export function fixedRows(state: State): RowTest {
  return testOf(state.slots.updates.value);
}

/** Returns the updates of all rows; null until they are counted. */
export function updatesOf(state: State): Updates | null {
  const updates = state.slots.updates.value;
  return updates?.counts.length ? updates : null;
}
