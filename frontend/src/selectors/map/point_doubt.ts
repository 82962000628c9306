/** Finds how much to doubt that the neighbors of each token on the map are its true ones. */

import { layersOf } from "../../state/current";
import type { State } from "../../state/state";
import { filled } from "../../util/fill_array";
import { memo } from "../../util/memo";
import { columnSlot } from "../table/column_values";

/** How much points are faded, and of how many it is known. */
export type Doubt = ReturnType<typeof doubted>;

/** The trustworthiness from which on a point is not faded, and up to which it is faded most. */
const SURE = 0.95;
const DOUBTFUL = 0.6;

/** Returns how much to fade the points; null where that is not wanted, or until it is known. */
export function doubtOf(state: State): Doubt | null {
  if (!layersOf(state).includes("doubt")) return null;
  const numbers = columnSlot(state, "trust")?.value?.numbers;
  return numbers?.length ? doubted(numbers) : null;
}

/** Returns how far it is measured, 0..1, or why it could not be; null where nothing is measured. */
export function doubtWorkOf(state: State): number | string | null {
  const slot = columnSlot(state, "trust");
  if (!slot || !layersOf(state).includes("doubt")) return null;
  return slot.failure?.message ?? slot.job?.progress ?? null;
}

const doubted = memo((numbers: ArrayLike<number | null>) => {
  const trust = filled(new Float32Array(numbers.length), (row) => numbers[row] ?? Number.NaN);
  return {
    /** 0..1; NaN where it is not known. */
    shares: trust.map((value) => Math.min(Math.max((SURE - value) / (SURE - DOUBTFUL), 0), 1)),
    checked: trust.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0),
  };
});
