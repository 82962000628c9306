/** Finds how often each token occurs, and the minimum frequency of the table. */

import type { Series } from "../api/contract.gen";
import { seriesOf } from "../state/current";
import type { State } from "../state/state";
import { defaultMinFrequency } from "../statistics/order_filters";
import { memo } from "../util/memo";

const FREQUENCY_NAMES = ["frequency", "count", "freq", "counts"];

/** The column that says how often a token occurs, if one was logged. */
export function frequencyColumn(series: Series | null): string | null {
  const numbers = series?.columns.filter(({ kind }) => kind === "number") ?? [];
  const found = numbers.find(({ name }) => FREQUENCY_NAMES.includes(name.toLowerCase()));
  return found?.name ?? null;
}

/** How often each token occurs; null without such a column. */
export function frequencyOf(state: State): readonly (number | null)[] | null {
  return frequencyColumn(seriesOf(state)) ? (state.slots.frequency.value?.numbers ?? null) : null;
}

const floorOf = memo(defaultMinFrequency);

/** Tokens that occur less often are left out of the ranking. */
export function minFrequencyOf(state: State): number {
  const frequency = frequencyOf(state);
  return frequency ? (state.view.minFrequency ?? floorOf(frequency)) : 0;
}
