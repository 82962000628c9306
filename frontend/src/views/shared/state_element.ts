/** Defines the base of elements that show a slice of the state. */

import { LitElement, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import type { State } from "../../state/state";
import type { Store } from "../../state/store";

/** Renders only when the slice changed. */
export abstract class StateElement<Slice extends object> extends LitElement {
  @property({ attribute: false }) store!: Store;

  /** The slice as of the last change; there from the first render on. */
  protected slice!: Slice;
  private unsubscribe: (() => void) | null = null;

  /** The part of the state, or what derives from it, that this element shows. */
  protected abstract select(state: State): Slice;

  override connectedCallback(): void {
    this.take(this.store.state);
    this.unsubscribe = this.store.subscribe((state) => this.take(state));
    super.connectedCallback();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unsubscribe?.();
    this.unsubscribe = null;
  }

  protected override updated(_changed: PropertyValues): void {
    this.sync();
  }

  /** Brings what is not drawn by `render` up to the slice. */
  protected sync(): void {}

  protected act(change: (state: State) => State): void {
    this.store.update(change);
  }

  private take(state: State): void {
    const next = this.select(state);
    if (this.slice && sameFields(this.slice, next)) return;
    this.slice = next;
    this.requestUpdate();
  }
}

function sameFields<T extends object>(a: T, b: T): boolean {
  return (Object.keys(b) as (keyof T)[]).every((field) => Object.is(a[field], b[field]));
}
