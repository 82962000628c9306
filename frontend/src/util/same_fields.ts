/** Compares objects field by field. */

/** Returns whether both have the same values in the fields of the second, or both are null. */
export function sameFields<T extends object>(one: T | null, other: T | null): boolean {
  if (one === null || other === null) return one === other;
  return (Object.keys(other) as (keyof T)[]).every((field) => Object.is(one[field], other[field]));
}
