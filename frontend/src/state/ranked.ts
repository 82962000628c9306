import { foundOf, frequencyOf, labelsOf, minFrequencyOf, sizesOf } from "./derived";
import { atLeast, orderByText, orderByValue, placesOf } from "./ranking";
import type { SearchState } from "./search";
import type { Sort, State } from "./state";
import { memo } from "./store";

/** The vocabulary as the table ranks it. */
export interface Ranking {
  /** Rows above the floor, in order. */
  order: Uint32Array;
  /** Places in `order` that the search leaves. */
  places: Uint32Array;
  /** Tokens that the search finds below the floor. */
  hidden: number;
  /** The row that the search means: the very token, else the first above the floor, else below. */
  first: number | null;
}

const orderOf = memo(
  (
    by: Sort["by"],
    descending: boolean,
    drift: Float32Array,
    labels: readonly string[],
    frequency: readonly (number | null)[] | null,
  ) => {
    if (by === "token" && labels.length) return orderByText(labels, descending);
    if (by === "frequency" && frequency) {
      return orderByValue(
        frequency.map((count) => count ?? Number.NaN),
        descending,
      );
    }
    return orderByValue(sizesOf(drift), descending);
  },
);

const rank = memo(
  (
    all: Uint32Array,
    frequency: readonly (number | null)[] | null,
    floor: number,
    found: SearchState | null,
  ): Ranking => {
    const order = atLeast(all, frequency, floor);
    const mask = found?.mask ?? null;
    const places = placesOf(order, mask);
    const below = mask ? (all.find((row) => mask[row] === 1) ?? null) : null;
    const first = found?.exact ?? order[places[0] ?? -1] ?? below;
    return { order, places, hidden: found ? found.count - places.length : 0, first };
  },
);

/** The vocabulary in the order of the table; null until drift is there. */
export function rankingOf(state: State): Ranking | null {
  const drift = state.slots.drift.value;
  if (!drift) return null;
  const { sort } = state.view;
  const frequency = frequencyOf(state);
  const all = orderOf(
    frequency || sort.by !== "frequency" ? sort.by : "drift",
    sort.descending,
    drift.values,
    labelsOf(state),
    frequency,
  );
  return rank(all, frequency, minFrequencyOf(state), foundOf(state));
}
