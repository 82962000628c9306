/** Holds the one state of the page and tells subscribers when it changes. */

import type { State } from "./state";

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
