/** Finds how often each token occurs, and the minimum frequency of the table. */

import { seriesOf } from "../../state/current";
import type { State } from "../../state/state";
import { defaultMinFrequency, frequentMask } from "../../statistics/order_filters";
import { memo } from "../../util/memo";

/** Returns how often each token occurs; null without such a column. */
export function frequencyOf(state: State): readonly (number | null)[] | null {
  const column = seriesOf(state)?.frequency_column ?? null;
  return column === null ? null : (state.slots.frequency.value?.numbers ?? null);
}

const floorOf = memo(defaultMinFrequency);

/** Returns 1 for each row that reaches a minimum frequency; null if all do. */
export const frequentRows = memo(frequentMask, 2);

/** Returns the minimum frequency: tokens that occur less often are left out of the ranking. */
export function minFrequencyOf(state: State): number {
  const frequency = frequencyOf(state);
  return frequency ? (state.view.minFrequency ?? floorOf(frequency)) : 0;
}
