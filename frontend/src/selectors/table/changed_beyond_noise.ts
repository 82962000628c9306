/** Counts the tokens that changed by more than noise. */

import { withCondition } from "../../filter/conditions";
import type { Values } from "../../filter/filter_operators";
import { otherSeriesOf, seedsOf } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { columnSlot } from "./column_values";

/** The false discovery rate at which a token counts as changed. */
export const RATE = 0.05;

const CONDITION = `q_value <= ${RATE}`;

/** Returns whether the tokens that changed are counted: between runs, once seeds are chosen. */
export function isCounted(state: State): boolean {
  return otherSeriesOf(state) !== null && seedsOf(state).length > 1;
}

/** Returns how many tokens changed, and of how many that is known; null until it is. */
export function changedTokens(state: State): ReturnType<typeof counted> | null {
  const values = isCounted(state) ? columnSlot(state, "q_value")?.value : null;
  return values?.numbers ? counted(values) : null;
}

const counted = memo(({ numbers }: Values) => {
  let [changed, known] = [0, 0];
  for (let row = 0; row < (numbers?.length ?? 0); row++) {
    const value = numbers?.[row] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    known++;
    if (value <= RATE) changed++;
  }
  return { changed, known };
});

/** Returns whether only tokens that changed are listed, and others are faded on the map. */
export function listsChanged({ view }: State): boolean {
  return view.filter.includes(CONDITION);
}

/** Lists only tokens that changed by more than noise, or all again. */
export const toggleChanged = (state: State): State => {
  const { filter } = state.view;
  const condition = listsChanged(state) ? null : CONDITION;
  return {
    ...state,
    view: { ...state.view, filter: withCondition(filter, "q_value", condition) },
  };
};
