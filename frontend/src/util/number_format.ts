/** Formats numbers, times and sizes. Locale-fixed, so that links and exported images agree. */

import { memo, memoOfEach } from "./memo";

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });

/** Formats an integer with grouped digits. */
export function count(value: number): string {
  return GROUPED.format(value);
}

/** Writes how many there are of something: 1 token, 2,000 tokens. */
export function counted(amount: number, one: string, several = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : several}`;
}

/** The least whole number with grouped digits: 2024 is a year, 12,345 is not. */
const GROUPED_FROM = 10_000;

/** Formats a step: 2000, 12,345. */
export function stepText(step: number): string {
  return Math.abs(step) < GROUPED_FROM ? String(step).replace("-", "−") : count(step);
}

/** Formats a share as a percentage: 24 %, 0.3 %; a dash for null and NaN. */
export function percent(share: number | null): string {
  if (share === null || Number.isNaN(share)) return "–";
  return `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}

type Numeral = (value: number | null | undefined) => string;

/**
 * Returns the format of all numbers of a column: whole ones have no other digits, and are grouped if
 * one of them is large. The column must not change.
 */
export const numeralOf = memoOfEach((column: ArrayLike<number | null>): Numeral => {
  let isWhole = true;
  let largest = 0;
  for (let row = 0; row < column.length && isWhole; row++) {
    const value = column[row] ?? Number.NaN;
    // Skips NaN and infinity.
    if (value - value !== 0) continue;
    isWhole = Number.isInteger(value);
    largest = Math.max(largest, Math.abs(value));
  }
  const written = largest < GROUPED_FROM ? stepText : count;
  return (value) =>
    isWhole && typeof value === "number" && Number.isFinite(value)
      ? written(Math.round(value))
      : short(value);
});

/** Formats a number where room is scarce: 950, 10K, 1.5M; a dash for null. */
export function compact(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined) return "–";
  return compactTo(digits).format(value).replace("-", "−");
}

const compactTo = memo(
  (maximumSignificantDigits: number) =>
    new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits }),
  10,
);

/** Formats a number with a fixed number of decimals; a dash for null, NaN and infinity. */
export function number(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return value
    .toFixed(decimals)
    .replace(/^-(0(\.0*)?)$/, "$1")
    .replace("-", "−");
}

/**
 * Formats a number with about as many significant digits; very large and small ones with an
 * exponent.
 */
export function short(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e6 || size < 1e-4) return value.toExponential(1).replaceAll("-", "−");
  if (size < 0.1) return value.toPrecision(digits).replace("-", "−");
  const whole = size >= 100 ? 3 : size >= 10 ? 2 : size >= 1 ? 1 : 0;
  return number(value, Math.max(0, digits - whole));
}

/** Formats a wall time, seconds since 1970, in the reader's time zone. */
export function wallTime(seconds: number | undefined): string {
  if (seconds === undefined || !Number.isFinite(seconds)) return "";
  return new Date(1000 * seconds).toLocaleString("en-US", {
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
}

/** Formats a number of bytes, such as 950 bytes, 1.5 kB, 20 MB. */
export function bytes(size: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log10(Math.max(size, 1)) / 3), units.length - 1);
  const shown = size / 1000 ** power;
  return `${power && shown < 10 ? shown.toFixed(1) : Math.round(shown)} ${units[power]}`;
}
