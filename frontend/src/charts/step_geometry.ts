/** Computes where steps lie on the timeline, as shares 0..1 of its width, and draws lines over them. */

import { short } from "./svg_text";

/** Returns where a step lies between the first (0) and the last (1); a single step is at 0.5. */
export function shareOf(steps: readonly number[], step: number): number {
  const first = steps[0] ?? 0;
  const span = (steps.at(-1) ?? 0) - first;
  return span > 0 ? (step - first) / span : 0.5;
}

/** Returns the step closest to a place; null without steps. */
export function nearestStep(steps: readonly number[], share: number): number | null {
  const distance = (step: number) => Math.abs(shareOf(steps, step) - share);
  const nearer = (one: number, other: number) => (distance(other) < distance(one) ? other : one);
  return steps.length ? steps.reduce(nearer) : null;
}

/**
 * Returns the steps that are named below a track of so many pixels: the first and the last, and
 * of the others those at least `gap` from the last one named.
 */
export function namedSteps(steps: readonly number[], width: number, gap: number): number[] {
  const first = steps[0];
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return [];
  if (first === last) return [first];
  const named = [first];
  for (const step of steps) {
    const place = width * shareOf(steps, step);
    const before = width * shareOf(steps, named.at(-1) ?? first);
    if (place - before >= gap && width - place >= gap) named.push(step);
  }
  return [...named, last];
}

type Values = readonly (number | null)[];

/** Where a picture has its steps and values. */
export interface Places {
  x(step: number): number;
  y(value: number): number;
}

/** Returns the places in a box of 100 × 100, in which values reach from `base` to near `top`. */
export function inBox(steps: readonly number[], top: number, base = 0): Places {
  return {
    x: (step) => 100 * shareOf(steps, step),
    y: (value) => 100 - 90 * ((value - base) / (top - base)),
  };
}

/**
 * Draws an SVG path through the values. Gaps break it; a value between two gaps is a line without
 * length, which round ends show as a dot.
 */
export function linePath(steps: readonly number[], values: Values, places: Places): string {
  return runsOf(steps, values)
    .map((run) => `M${pointsOf(run, steps, values, places).join("L")}${run.length > 1 ? "" : "h0"}`)
    .join("");
}

/** Draws an SVG path around the area between two rows of values, where it has both. */
export function bandPath(
  steps: readonly number[],
  low: Values,
  high: Values,
  places: Places,
): string {
  return runsOf(steps, low, high)
    .map((run) => {
      const lower = pointsOf(run, steps, low, places).reverse();
      return `M${[...pointsOf(run, steps, high, places), ...lower].join("L")}Z`;
    })
    .join("");
}

/** Returns the places in `steps` between gaps, where all have a value. */
export function runsOf(steps: readonly number[], ...all: readonly Values[]): number[][] {
  const runs: number[][] = [[]];
  for (const at of steps.keys()) {
    if (all.every((values) => isNumber(values[at]))) runs.at(-1)?.push(at);
    else runs.push([]);
  }
  return runs.filter((run) => run.length > 0);
}

export function isNumber(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function pointsOf(run: number[], steps: readonly number[], values: Values, { x, y }: Places) {
  return run.map((at) => `${short(x(steps[at] ?? 0))} ${short(y(values[at] ?? 0))}`);
}

/**
 * Returns values at other steps: between two known ones on the line that joins them, null before the
 * first and after the last.
 */
export function valuesAt(
  steps: readonly number[],
  known: readonly number[],
  values: Values,
): (number | null)[] {
  return steps.map((step) => {
    const after = known.findIndex((one) => one >= step);
    const to = values[after] ?? null;
    if (after < 0 || to === null || known[after] === step) return to;
    const from = values[after - 1] ?? null;
    const [start = 0, end = 0] = [known[after - 1], known[after]];
    return from === null ? null : from + ((to - from) * (step - start)) / (end - start);
  });
}
