import type { State } from "./state";

/** Holds the one state of the page. Every change replaces it and tells the subscribers. */
export class Store {
  private readonly listeners = new Set<(state: State) => void>();

  constructor(private current: State) {}

  get state(): State {
    return this.current;
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (state: State) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  update(change: (state: State) => State): void {
    const next = change(this.current);
    if (next === this.current) return;
    this.current = next;
    // A copy: a listener may subscribe or leave while being told.
    for (const listener of [...this.listeners]) listener(this.current);
  }
}

/**
 * The function with its last results kept, the last one unless told otherwise: the same
 * arguments give the same result.
 */
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
