/** Holds the one state of the page and tells subscribers when it changes. */

import { noted } from "./history";
import type { State } from "./state";

export class Store {
  private readonly listeners = new Set<(state: State) => void>();
  private current: State;
  private isRoundDue = false;

  constructor(first: State) {
    this.current = noted(first, performance.now());
  }

  get state(): State {
    return this.current;
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (state: State) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /**
   * Changes the state at once. Listeners are called at the end of the running task, once for
   * all changes that it made; what they change is for the next round.
   */
  update(change: (state: State) => State): void {
    const next = change(this.current);
    if (next === this.current) return;
    this.current = noted(next, performance.now());
    if (this.isRoundDue) return;
    this.isRoundDue = true;
    queueMicrotask(() => this.tell());
  }

  private tell(): void {
    this.isRoundDue = false;
    // Loops over a copy, because a listener may subscribe or leave while it is called.
    for (const listener of [...this.listeners]) {
      if (this.listeners.has(listener)) listener(this.current);
    }
  }
}
