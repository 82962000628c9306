/** Looks values up in ascending ones. */

/** Counts the ascending values below a value, or also those equal to it. */
export function countBelow(ascending: Float32Array, value: number, orEqual = false): number {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const one = ascending[middle] as number;
    if (one < value || (orEqual && one === value)) from = middle + 1;
    else to = middle;
  }
  return from;
}
