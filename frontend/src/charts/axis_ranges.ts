/** Computes where the axes of a chart begin and end. */

import { compact, short } from "../util/number_format";

/** The ends of an axis. */
export type Range = [low: number, high: number];

/**
 * The axis of values from a lowest to a highest: from zero where it should, and reaching as far as
 * `reach` at least, a scale that says what is little.
 */
export function valueRange(
  [from, to]: readonly [number | null, number | null],
  fromZero: boolean,
  reach: number | null,
): Range {
  if (from === null || to === null) return paddedRange(from, to);
  const low = fromZero ? Math.min(0, from) : from;
  if (reach === null) return paddedRange(low, to);
  return to > reach ? paddedRange(low, to) : [low, reach];
}

/** From the first step to the last; a single step lies in the middle. */
export function stepRange(steps: readonly number[]): Range {
  const first = steps[0] ?? 0;
  const last = steps.at(-1) ?? 1;
  return first < last ? [first, last] : [first - 1, last + 1];
}

/** A little air around the values; what can't be negative starts at 0 at the lowest. */
function paddedRange(low: number | null, high: number | null): Range {
  if (low === null || high === null) return [0, 1];
  const pad = high > low ? 0.06 * (high - low) : Math.max(high === 0 ? 1 : 0, 0.1 * Math.abs(high));
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}

/** As few digits as a tick needs. */
export function tickLabel(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e4) return compact(value);
  if (size > 0 && size < 1e-4) return short(value);
  return String(Number(value.toPrecision(4))).replace("-", "−");
}
