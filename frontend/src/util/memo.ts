/** Keeps the last results of a function. */

/** The same arguments give the same result; the last one is kept, or more if told so. */
export function memo<A extends unknown[], R>(
  compute: (...args: A) => R,
  kept = 1,
): (...args: A) => R {
  const last: { args: A; result: R }[] = [];
  return (...args) => {
    const known = last.find((one) => one.args.every((value, at) => value === args[at]));
    if (known) return known.result;
    const result = compute(...args);
    last.unshift({ args, result });
    last.length = Math.min(last.length, kept);
    return result;
  };
}
