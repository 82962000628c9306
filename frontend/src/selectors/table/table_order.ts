/** Decides the order of the table. */

import type { Values } from "../../filter/filter_operators";
import { sortOf, usualColumn } from "../../state/current";
import type { State } from "../../state/state";
import { orderBySize } from "../../statistics/drift_statistics";
import { orderByText } from "../../statistics/order_by_text";
import { orderByValue } from "../../statistics/order_by_value";
import { placesOf } from "../../statistics/order_filters";
import { memo } from "../../util/memo";
import { onlyIn } from "../../util/row_lists";
import { frequencyOf, frequentRows } from "../shared/frequency";
import { labelsOf } from "../shared/row_labels";
import { valuesOf } from "./column_values";
import { narrowedMask, tableFloor } from "./table_filter";

/**
 * The vocabulary as the table ranks it: the rows that reach the minimum frequency, in order; the places
 * there of the rows that the search finds, or of all without a search; and the number of rows that it
 * finds below the minimum frequency.
 */
export type Ranking = ReturnType<typeof rank>;

/** Columns with values of both signs, which are sorted by their absolute value. */
export const SIGNED: ReadonlySet<string> = new Set(["drift", "norm_change", "step_drift"]);

const orderOf = memo((values: Values, bySize: boolean, descending: boolean) => {
  if (values.texts) return orderByText(values.texts, descending);
  return (bySize ? orderBySize : orderByValue)(values.numbers, descending);
});

const within = memo(onlyIn);
const aboveFloor = memo(onlyIn);

const rank = memo((narrowed: Uint32Array, order: Uint32Array, mask: Uint8Array | null) => {
  const places = placesOf(order, mask);
  if (!mask) return { order, places, hidden: narrowed.length - order.length };
  const matching = order === narrowed ? places : placesOf(narrowed, mask);
  return { order, places, hidden: matching.length - places.length };
});

/** Returns the column that the table is sorted by: the usual one until the chosen one is there. */
export function sortedBy(state: State): string {
  const { by } = sortOf(state);
  return valuesOf(state, by) ? by : usualColumn(state);
}

/** Returns the vocabulary in the order of the table; null until the usual column is there. */
export function rankingOf(state: State): Ranking | null {
  const by = sortedBy(state);
  const values = valuesOf(state, by);
  if (!values || !valuesOf(state, usualColumn(state))) return null;
  const all = orderOf(values, SIGNED.has(by), sortOf(state).descending);
  const narrowed = within(all, narrowedMask(state));
  const frequent = frequentRows(frequencyOf(state), tableFloor(state));
  return rank(narrowed, aboveFloor(narrowed, frequent), searchMask(state));
}

export function listedRows(state: State): number[] {
  const { order, places } = rankingOf(state) ?? {};
  return Array.from(places ?? [], (place) => order?.[place] ?? 0);
}

/** Returns 1 for each row that the search finds among the labels on screen; null without a search. */
export function searchMask({ search, ...state }: State): Uint8Array | null {
  return search.of === labelsOf({ search, ...state }) ? search.mask : null;
}
