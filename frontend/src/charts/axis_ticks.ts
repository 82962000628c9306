/** Chooses the values that are named along the axis of a chart. */

const STEPS = [5, 2.5, 2, 1];

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
