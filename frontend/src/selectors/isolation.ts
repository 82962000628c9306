/** Finds the isolated tokens: the rows that alone are drawn. */

import { seriesOf } from "../state/current";
import type { State } from "../state/state";
import { memo } from "../util/memo";

const masked = memo((rows: readonly number[], count: number): Uint8Array | null => {
  const mask = new Uint8Array(count);
  for (const row of rows) if (row < count) mask[row] = 1;
  return mask.includes(1) ? mask : null;
});

/** 1 for each row that is drawn; null where all are. */
export function isolatedMask(state: State): Uint8Array | null {
  const { isolated } = state.view;
  return isolated && masked(isolated, seriesOf(state)?.vocab_size ?? 0);
}

/** The rows that alone are drawn, in their order; null where all are. */
export function isolatedRows(state: State): readonly number[] | null {
  const mask = isolatedMask(state);
  return mask && rowsIn(mask, state.view.isolated ?? []);
}

const rowsIn = memo((mask: Uint8Array, rows: readonly number[]) =>
  rows.filter((row) => row < mask.length),
);
