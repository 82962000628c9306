/** Decides which points of the map are drawn: only the isolated ones, and none of hidden values. */

import type { State } from "../../state/state";
import { filled } from "../../util/fill_array";
import { memo } from "../../util/memo";
import { bothMasks } from "../../util/row_lists";
import { isolatedMask } from "../shared/isolation";
import type { Category } from "./categories";
import { colorsOf } from "./point_colors";

/** Returns 1 for each row that is drawn; null where all are. */
export function drawnMask(state: State): Uint8Array | null {
  const { hiddenValues } = state.view;
  const { categories = null, values } = (hiddenValues.length ? colorsOf(state) : null) ?? {};
  const unhidden = categories && values ? masked(categories, values, hiddenValues) : null;
  return combined(isolatedMask(state), unhidden);
}

const combined = memo(bothMasks);

const masked = memo(
  (categories: readonly Category[], values: Float32Array, hidden: readonly string[]) => {
    const names = new Set(hidden);
    const isShown = Uint8Array.from(categories, ({ name }) => (names.has(name) ? 0 : 1));
    if (!isShown.includes(0)) return null;
    return filled(new Uint8Array(values.length), (row) => isShown[values[row] ?? -1] ?? 1);
  },
);
