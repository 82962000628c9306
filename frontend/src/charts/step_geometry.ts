/** Computes where steps lie on the timeline, as shares 0..1 of its width. */

/** Returns where a step lies between the first (0) and the last (1); a single step is at 0.5. */
export function shareOf(steps: readonly number[], step: number): number {
  const first = steps[0] ?? 0;
  const span = (steps.at(-1) ?? 0) - first;
  return span > 0 ? (step - first) / span : 0.5;
}

/** Returns the step closest to a place; null without steps. */
export function nearestStep(steps: readonly number[], share: number): number | null {
  let best: number | null = null;
  for (const step of steps) {
    if (best === null || distance(step) < distance(best)) best = step;
  }
  return best;

  function distance(step: number): number {
    return Math.abs(shareOf(steps, step) - share);
  }
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

/**
 * Draws an SVG path through the values in a 100 × 100 box, from `base` to near `top`. Gaps break it; a
 * value between two gaps is a line without length, which round ends show as a dot.
 */
export function linePath(steps: readonly number[], values: Values, top: number, base = 0): string {
  const known = (at: number) => typeof values[at] === "number";
  const places = [...steps.keys()].filter(known);
  const points = pointsOf(steps, values, top, base);
  return places
    .map((at, nth) => {
      if (known(at - 1)) return `L${points[nth]}`;
      return `M${points[nth]}${known(at + 1) ? "" : "h0"}`;
    })
    .join("");
}

/** Draws an SVG path around the area between two rows of values. */
export function bandPath(steps: readonly number[], low: Values, high: Values, top: number): string {
  const upper = pointsOf(steps, high, top);
  const lower = pointsOf(steps, low, top).reverse();
  return upper.length ? `M${[...upper, ...lower].join("L")}Z` : "";
}

function pointsOf(steps: readonly number[], values: Values, top: number, base = 0): string[] {
  return steps.flatMap((step, at) => {
    const value = values[at];
    if (value === null || value === undefined) return [];
    const y = 100 - 90 * ((value - base) / (top - base));
    return [`${(100 * shareOf(steps, step)).toFixed(2)} ${y.toFixed(2)}`];
  });
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
