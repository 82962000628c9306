/** Finds the isolated tokens: where there are some, only they are drawn. */

import { seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { maskOf, within } from "../../util/row_lists";

const masked = memo((rows: readonly number[], count: number): Uint8Array | null => {
  const mask = maskOf(rows, count);
  return mask.includes(1) ? mask : null;
});

/** Returns 1 for each row that is drawn; null where all are. */
export function isolatedMask(state: State): Uint8Array | null {
  const { isolated } = state.view;
  return isolated && masked(isolated, seriesOf(state)?.shown_rows ?? 0);
}

/** Returns the rows that alone are drawn, in their order; null where all are. */
export function isolatedRows(state: State): readonly number[] | null {
  const mask = isolatedMask(state);
  return mask && inTable(state.view.isolated ?? [], mask.length);
}

const inTable = memo(within);
