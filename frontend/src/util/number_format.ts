/** Formats numbers, times and sizes. Locale-fixed, so that links and exported images agree. */

import { memo } from "./memo";

const GROUPED = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6 });

/** A whole number with grouped digits. */
export function count(value: number): string {
  return GROUPED.format(value);
}

/** A number where room is scarce: 950, 10K, 1.5M; a dash where there is none. */
export function compact(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined) return "–";
  return compactTo(digits).format(value).replace("-", "−");
}

const compactTo = memo(
  (maximumSignificantDigits: number) =>
    new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits }),
  10,
);

/** A number with a fixed number of decimals; a dash where there is none. */
export function number(value: number | null | undefined, decimals: number): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  return value
    .toFixed(decimals)
    .replace(/^-(0(\.0*)?)$/, "$1")
    .replace("-", "−");
}

/** About as many significant digits; an exponent only where there is no room for zeros. */
export function short(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e6 || size < 1e-4) return value.toExponential(1).replaceAll("-", "−");
  if (size < 0.1) return value.toPrecision(digits).replace("-", "−");
  const whole = size >= 100 ? 3 : size >= 10 ? 2 : size >= 1 ? 1 : 0;
  return number(value, Math.max(0, digits - whole));
}

/** A wall time in seconds since 1970, in the reader's own time zone. */
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

/** A number of bytes, in as many digits as one cares for. */
export function bytes(size: number): string {
  const units = ["bytes", "kB", "MB", "GB"];
  const power = Math.min(Math.floor(Math.log10(Math.max(size, 1)) / 3), units.length - 1);
  const shown = size / 1000 ** power;
  return `${power && shown < 10 ? shown.toFixed(1) : Math.round(shown)} ${units[power]}`;
}
