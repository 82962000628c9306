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

/** The function with its last result kept, for as long as its arguments stay the same. */
export function memo<A extends unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let last: { args: A; result: R } | null = null;
  return (...args) => {
    if (!last || last.args.some((value, at) => value !== args[at])) {
      last = { args, result: compute(...args) };
    }
    return last.result;
  };
}
