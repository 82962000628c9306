/** Computes order, quantiles and histogram of the drifts of all tokens. */

import { memo } from "../util/memo";
import { orderByValue } from "./order_by_value";
import { quantiles } from "./quantiles";

/** Statistics of all drifts. A million take so long that it would be felt: see statistics_source.ts. */
export interface DriftStatistics {
  /** Rows by how far they moved, whichever way, the farthest first. */
  readonly order: Uint32Array;
  /** How far half of the rows, nine tenths and all of them moved at most; null if none is finite. */
  readonly quantiles: readonly [half: number, most: number, all: number] | null;
  /** Rows that did not move at all. */
  readonly unmoved: number;
  /** How many of the rows moved so far, in equal parts from none to the farthest. */
  readonly bins: readonly number[];
}

const BINS = 48;

export function computeStatistics(values: Float32Array): DriftStatistics {
  const sizes = sizesOf(values);
  let unmoved = 0;
  for (let row = 0; row < sizes.length; row++) if (sizes[row] === 0) unmoved++;
  const found = quantiles(sizes, [0.5, 0.9, 1], true);
  const order = orderByValue(sizes, true);
  return { order, quantiles: found, unmoved, bins: binned(sizes, found?.[2] ?? 0, BINS) };
}

const known = new WeakMap<ArrayLike<number>, DriftStatistics>();

/** Computes the statistics of values at most once: the values must not change. */
export function statisticsOf(values: Float32Array): DriftStatistics {
  const kept = known.get(values) ?? computeStatistics(values);
  known.set(values, kept);
  return kept;
}

export function hasStatistics(values: Float32Array): boolean {
  return known.has(values);
}

export function keepStatistics(values: Float32Array, its: DriftStatistics): void {
  known.set(values, its);
}

/** Orders rows by how far their values are from zero: the map and the table ask for the same. */
export function orderBySize(values: ArrayLike<number>, descending: boolean): Uint32Array {
  if (descending && values instanceof Float32Array) return statisticsOf(values).order;
  return orderByMagnitude(values, descending);
}

const orderByMagnitude = memo((values: ArrayLike<number>, descending: boolean) =>
  orderByValue(sizesOf(values), descending),
);

function sizesOf(values: ArrayLike<number>): Float32Array {
  const sizes = new Float32Array(values.length);
  for (let row = 0; row < sizes.length; row++) sizes[row] = Math.abs(values[row] as number);
  return sizes;
}

/** Counts the finite sizes in each of `bins` equal parts of 0..`most`. */
export function binned(sizes: Float32Array, most: number, bins: number): number[] {
  const counts = new Uint32Array(bins);
  const perUnit = most > 0 ? bins / most : 0;
  for (let at = 0; at < sizes.length; at++) {
    const size = sizes[at] as number;
    // Skips NaN and infinity.
    if (size - size !== 0) continue;
    const bin = Math.min(Math.floor(size * perUnit), bins - 1);
    counts[bin] = (counts[bin] as number) + 1;
  }
  return [...counts];
}
