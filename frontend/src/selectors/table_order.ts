/** Decides the order of the table. */

import type { Values } from "../filter/evaluate";
import type { SearchState } from "../state/search_state";
import type { State } from "../state/state";
import { orderBySize } from "../statistics/drift_statistics";
import { orderByText } from "../statistics/order_by_text";
import { orderByValue } from "../statistics/order_by_value";
import { atLeast, onlyIn, placesOf } from "../statistics/order_filters";
import { memo } from "../util/memo";
import { valuesOf } from "./column_values";
import { frequencyOf, minFrequencyOf } from "./frequency";
import { labelsOf } from "./labels";
import { ignoresMinFrequency, narrowedMask } from "./table_filter";

/** The vocabulary as the table ranks it. */
export interface Ranking {
  /** Rows that reach the minimum frequency, in order. */
  order: Uint32Array;
  /** Places in `order` of the rows that the search finds; all without a search. */
  places: Uint32Array;
  /** The number of rows that the search finds below the minimum frequency. */
  hidden: number;
  /** The best match: the exact token, else the first row in `order`, else one with a low frequency. */
  first: number | null;
}

/** Columns with values of both signs, which are sorted by their absolute value. */
const SIGNED: ReadonlySet<string> = new Set(["drift", "norm_change", "step_drift"]);

const orderOf = memo((values: Values, bySize: boolean, descending: boolean) => {
  if (values.texts) return orderByText(values.texts, descending);
  return (bySize ? orderBySize : orderByValue)(values.numbers, descending);
});

const within = memo(onlyIn);
const aboveFloor = memo(atLeast);

const rank = memo(
  (
    all: Uint32Array,
    narrowed: Uint32Array,
    order: Uint32Array,
    found: SearchState | null,
  ): Ranking => {
    const mask = found?.mask ?? null;
    const places = placesOf(order, mask);
    if (!found || !mask) {
      return { order, places, hidden: narrowed.length - order.length, first: order[0] ?? null };
    }
    const matching = order === narrowed ? places : placesOf(narrowed, mask);
    const below = places.length ? undefined : all.find((row) => mask[row] === 1);
    const first = found.exact ?? order[places[0] ?? -1] ?? below ?? null;
    return { order, places, hidden: matching.length - places.length, first };
  },
);

/** Returns the column that the table is sorted by: drift until the chosen one is there. */
export function sortedBy(state: State): string {
  const { by } = state.view.sort;
  return valuesOf(state, by) ? by : "drift";
}

/** Returns the vocabulary in the order of the table; null until drift is there. */
export function rankingOf(state: State): Ranking | null {
  const by = sortedBy(state);
  const values = valuesOf(state, by);
  if (!values || !state.slots.drift.value) return null;
  const all = orderOf(values, SIGNED.has(by), state.view.sort.descending);
  const floor = ignoresMinFrequency(state) ? 0 : minFrequencyOf(state);
  const narrowed = within(all, narrowedMask(state));
  return rank(all, narrowed, aboveFloor(narrowed, frequencyOf(state), floor), foundOf(state));
}

/** Returns the rows that the table lists, in its order. */
export function listedRows(state: State): number[] {
  const { order, places } = rankingOf(state) ?? {};
  return Array.from(places ?? [], (place) => order?.[place] ?? 0);
}

/** Returns what the search found among the labels on screen; null without a search. */
function foundOf(state: State): SearchState | null {
  const { search } = state;
  return search.mask && search.of === labelsOf(state) ? search : null;
}

/** Returns 1 for each row that the search finds; null without a search. */
export function searchMask(state: State): Uint8Array | null {
  return foundOf(state)?.mask ?? null;
}
