/** Reads a curve at the steps of another one. */

type Values = readonly (number | null)[];

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
