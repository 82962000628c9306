/** Keeps results of functions. */

import { BRIEF, same } from "./same";

/**
 * Returns a function that keeps its last results, `kept` of them, by what their arguments hold; one that
 * holds much counts as itself.
 */
export function memo<A extends unknown[], R>(
  compute: (...args: A) => R,
  kept = 1,
): (...args: A) => R {
  const last: { args: A; result: R }[] = [];
  return (...args) => {
    const known = last.find((one) => one.args.every((value, at) => same(value, args[at], BRIEF)));
    if (known) {
      // What is the very same the next time is known at once.
      known.args = args;
      return known.result;
    }
    const result = compute(...args);
    last.unshift({ args, result });
    last.length = Math.min(last.length, kept);
    return result;
  };
}

/** Returns a function that keeps the result for each object, which must not change, while it is in use. */
export function memoOfEach<O extends object, R>(compute: (of: O) => R): (of: O) => R {
  const known = new WeakMap<O, R>();
  return (of) => {
    const result = known.get(of) ?? compute(of);
    known.set(of, result);
    return result;
  };
}
