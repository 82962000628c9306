/** Compares values by what they hold. */

/** How many values are compared at every change of the state: a million texts would be felt. */
export const BRIEF = 10_000;

/**
 * Returns whether two values are equal: of lists and plain objects, all that is in them.
 *
 * @param most where more values than these would have to be compared, the two count as different
 */
export function same(one: unknown, other: unknown, most = Number.POSITIVE_INFINITY): boolean {
  let left = most;
  return isSame(one, other);

  function isSame(a: unknown, b: unknown): boolean {
    if (Object.is(a, b)) return true;
    if (Array.isArray(a) && Array.isArray(b)) {
      left -= a.length;
      return a.length === b.length && left >= 0 && a.every((value, at) => isSame(value, b[at]));
    }
    if (!isPlain(a) || !isPlain(b)) return false;
    const names = Object.keys(a);
    left -= names.length;
    return (
      names.length === Object.keys(b).length &&
      left >= 0 &&
      names.every((name) => name in b && isSame(a[name], b[name]))
    );
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value instanceof Object && Object.getPrototypeOf(value) === Object.prototype;
}
