/** Compares values by what they hold. */

/** The longest lists that are compared at every change of the state: a million texts would be felt. */
export const BRIEF = 1000;

/**
 * Returns whether two values are equal: of lists and plain objects, all that is in them.
 *
 * @param longest longer lists are equal only where they are one and the same
 */
export function same(one: unknown, other: unknown, longest = Number.POSITIVE_INFINITY): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    if (one.length !== other.length || one.length > longest) return false;
    return one.every((value, at) => same(value, other[at], longest));
  }
  if (!isPlain(one) || !isPlain(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && same(one[name], other[name], longest))
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value instanceof Object && Object.getPrototypeOf(value) === Object.prototype;
}
