/** Decides which labels of the map come first: of frequent tokens that moved most, or all over it. */

import { isolateSelection, selectRows } from "../../state/actions";
import { areLowFirst, comparisonOf, usualColumn } from "../../state/current";
import type { State } from "../../state/state";
import { orderBySize } from "../../statistics/drift_statistics";
import { orderByValue } from "../../statistics/order_by_value";
import { quantiles } from "../../statistics/quantiles";
import { filled } from "../../util/fill_array";
import { memo } from "../../util/memo";
import { membersFirst, onlyIn, rowTest } from "../../util/row_lists";
import { frequencyOf, frequentRows, minFrequencyOf } from "../shared/frequency";
import { isolatedMask } from "../shared/isolation";
import { valuesOf } from "../table/column_values";
import { pointsOf } from "./map_layout";

const commonFirst = memo(membersFirst);
const onlyDrawn = memo(onlyIn);

/**
 * Returns the rows in the order of their labels: the most drifted of the common ones first. While
 * there is no drift, each part of the map has as many first ones as any other.
 */
export function labelPriority(state: State): Uint32Array | null {
  const usual = usualColumn(state);
  const values = valuesOf(state, usual)?.numbers;
  const positions = state.slots.positions.value;
  const isMeasured = comparisonOf(state) !== "nothing";
  if (!values || (!isMeasured && !positions)) return null;
  const bySize = orderBySize(values, !areLowFirst(usual));
  const all = !isMeasured && positions ? spread(bySize, pointsOf(positions)) : bySize;
  const common = frequentRows(frequencyOf(state), minFrequencyOf(state));
  return onlyDrawn(commonFirst(all, common), isolatedMask(state));
}

/** The number of parts of the map along each axis. */
const PARTS = 12;

/** Takes the first row of each part of the map, then the second one of each, and so on. */
const spread = memo((order: Uint32Array, points: Float32Array): Uint32Array => {
  const partOf = partsOf(points);
  const taken = new Uint32Array(PARTS * PARTS + 1);
  const turns = new Float32Array(order.length);
  order.forEach((row, at) => {
    const part = partOf(row);
    const turn = taken[part] ?? 0;
    turns[at] = turn;
    taken[part] = turn + 1;
  });
  return orderByValue(turns, false).map((at) => order[at] ?? 0);
});

/** Returns a function that finds the part of the map that a row is in. */
function partsOf(points: Float32Array): (row: number) => number {
  const along = [0, 1].map((axis) => {
    const values = filled(
      new Float32Array(points.length / 3),
      (row) => points[3 * row + axis] ?? 0,
    );
    const [low, high] = quantiles(values, [0.01, 0.99]) ?? [0, 0];
    return (row: number) => {
      const share = (PARTS * ((values[row] ?? 0) - low)) / (high - low || 1);
      return Math.min(Math.max(Math.floor(share), 0), PARTS - 1);
    };
  });
  return (row) => {
    const [column = 0, line = 0] = along.map((part) => part(row));
    // Rows without a place have no label.
    return Number.isFinite(points[3 * row]) ? PARTS * line + column : PARTS * PARTS;
  };
}

/** Selects rows; of many, the one that moved most comes last and is inspected. */
export const selectMany =
  (rows: readonly number[], how?: "replace" | "add" | "remove") =>
  (state: State): State =>
    selectRows(byPriority(state, rows), how)(state);

/** Draws only the selected rows, or all again; of many, the one that moved most is inspected. */
export const isolateMany = (state: State): State => {
  const { selection } = state.view;
  const focused = selection.length > FEW ? selectMany(selection)(state) : state;
  return isolateSelection(focused);
};

/** The most rows of which the one that was selected last stays inspected. */
const FEW = 12;

/** Moves the most important row to the end; keeps the order while it is not known. */
function byPriority(state: State, rows: readonly number[]): readonly number[] {
  const order = labelPriority(state);
  const given = rowTest(rows);
  const first = order?.find((row) => given.has(row));
  return first === undefined ? rows : rows.filter((row) => row !== first).concat(first);
}
