/** Finds the values of a column of the table among the loaded answers. */

import type { Values } from "../filter/evaluate";
import type { State } from "../state/state";
import { memo } from "../util/memo";
import { frequencyOf } from "./frequency";
import { labelsOf } from "./labels";

/** The values of a column of the table, as far as they are there. */
export function valuesOf(state: State, id: string): Values | null {
  if (id === "token") return texts(labelsOf(state));
  if (id === "drift") {
    const drift = state.slots.drift.value;
    return drift && numbers(drift.values);
  }
  if (id === "frequency") {
    const frequency = frequencyOf(state);
    return frequency && known(frequency);
  }
  return state.table[id]?.values ?? null;
}

const texts = memo((values: readonly string[]): Values => ({ texts: values }));
const numbers = memo((values: Float32Array): Values => ({ numbers: values }));
const known = memo(
  (values: readonly (number | null)[]): Values => ({
    numbers: Float64Array.from(values, (value) => value ?? Number.NaN),
  }),
);
