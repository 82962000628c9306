/** Defines the bases of the elements of the page. */

import { type CSSResultGroup, type CSSResultOrNative, LitElement, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import type { State } from "../../state/state";
import type { Store } from "../../state/store";
import { controlStyles } from "../../theme/control_styles";
import { partStyles } from "../../theme/part_styles";
import { sameFields } from "../../util/same_fields";

/** An element with the styles of the page, which its own styles can override. */
export abstract class PageElement extends LitElement {
  protected static override finalizeStyles(own?: CSSResultGroup): CSSResultOrNative[] {
    return [controlStyles, partStyles, ...LitElement.finalizeStyles(own)];
  }
}

/**
 * Returns a base class for an element that shows what `select` takes from the state.
 * The element renders only when a field of that slice changed.
 */
export function StateElement<Slice extends object>(select: (state: State) => Slice) {
  abstract class Base extends PageElement {
    @property({ attribute: false }) store!: Store;

    /** The slice as of the last change; set before the first render. */
    protected slice!: Slice;
    private unsubscribe: (() => void) | null = null;

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

    /** Passes the slice to objects outside of the template; called after each render. */
    protected sync(): void {}

    /** Changes the state; later handlers of the same task see the change in the slice. */
    protected readonly act: Act = (change) => {
      this.store.update(change);
      this.take(this.store.state);
    };

    private take(state: State): void {
      const next = select(state);
      if (sameFields(this.slice ?? null, next)) return;
      this.slice = next;
      this.requestUpdate();
    }
  }
  return Base;
}

/** Applies a change to the state of the page. */
export type Act = (change: (state: State) => State) => void;

/** The empty list that slices share: one object, so that it equals itself. */
export const NONE: readonly never[] = [];
