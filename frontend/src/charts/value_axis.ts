/** Computes where the axis of values begins and ends, and which values are named along it. */

import { compact, short } from "../util/number_format";

const STEPS = [5, 2.5, 2, 1];

export type Range = [low: number, high: number];

/**
 * Returns the axis of some values. With `fromZero` it begins at zero or below; it reaches at least
 * as far as `reach`, so that small values look small.
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

/** Adds some space around the values; never below 0 if none of them is negative. */
function paddedRange(low: number, high: number): Range {
  const pad = high > low ? 0.06 * (high - low) : Math.max(high === 0 ? 1 : 0, 0.1 * Math.abs(high));
  return [low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad];
}

/** Formats the value of a tick with as few digits as it needs. */
export function tickLabel(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e4) return compact(value);
  if (size > 0 && size < 1e-4) return short(value);
  return String(Number(value.toPrecision(4))).replace("-", "−");
}

/** Returns the fewest round numbers within a range that give a scale: at least two. */
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
      const tick = (at: number) => Number(((first + at) * step).toPrecision(14)) + 0;
      return Array.from({ length: count }, (_, at) => tick(at));
    }
  }
}
