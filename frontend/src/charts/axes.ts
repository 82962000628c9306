/** Computes where the axes of a chart begin and end, and which values are named along them. */

import { compact, short } from "../util/number_format";

const STEPS = [5, 2.5, 2, 1];

/** The ends of an axis. */
export type Range = [low: number, high: number];

/**
 * The axis of some values: from zero where it should, and reaching as far as `reach` at least, a
 * scale that says what is little.
 */
export function valueRange(
  values: readonly number[],
  fromZero: boolean,
  reach: number | null,
): Range {
  if (!values.length) return [0, 1];
  const least = values.reduce((a, b) => Math.min(a, b));
  const low = fromZero ? Math.min(0, least) : least;
  const high = values.reduce((a, b) => Math.max(a, b));
  return reach === null || high > reach ? paddedRange(low, high) : [low, reach];
}

/** From the first step to the last; a single step lies in the middle. */
export function stepRange(steps: readonly number[]): Range {
  const first = steps[0] ?? 0;
  const last = steps.at(-1) ?? 1;
  return first < last ? [first, last] : [first - 1, last + 1];
}

/** A little air around the values; what can't be negative starts at 0 at the lowest. */
function paddedRange(low: number, high: number): Range {
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

/** The fewest round numbers within a range that are at least two, so that they give a scale. */
export function valueTicks(low: number, high: number): number[] {
  if (!(high > low)) return [low];
  for (let power = Math.ceil(Math.log10(high - low)); ; power--) {
    for (const digit of STEPS) {
      const step = digit * 10 ** power;
      const first = Math.ceil(low / step - 1e-9);
      const last = Math.floor(high / step + 1e-9);
      if (last <= first) continue;
      const count = last - first + 1;
      // Rounded, as 3 * 0.1 is not 0.3; `+ 0` makes -0 zero.
      return Array.from({ length: count }, (_, at) => toPlaces((first + at) * step, power - 1) + 0);
    }
  }
}

function toPlaces(value: number, power: number): number {
  return power < 0 ? Number(value.toFixed(Math.min(-power, 100))) : value;
}
