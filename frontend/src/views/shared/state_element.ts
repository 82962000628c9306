/** Defines the bases of the elements of the page. */

import {
  type CSSResultGroup,
  type CSSResultOrNative,
  LitElement,
  type ReactiveControllerHost,
} from "lit";
import { property } from "lit/decorators.js";
import type { State } from "../../state/state";
import type { Store } from "../../state/store";
import { controlStyles } from "../../theme/control_styles";
import { partStyles } from "../../theme/part_styles";
import { BRIEF, same } from "../../util/same";

/** An element with the styles of the page, which its own styles can override. */
export abstract class PageElement extends LitElement {
  protected static override finalizeStyles(own?: CSSResultGroup): CSSResultOrNative[] {
    return [controlStyles, partStyles, ...LitElement.finalizeStyles(own)];
  }
}

/** Calls `enter` once an element is in the page, and what that returned once it is no longer. */
function whileInPage(host: ReactiveControllerHost, enter: () => () => void): void {
  let leave: (() => void) | undefined;
  host.addController({
    hostConnected: () => {
      leave = enter();
    },
    hostDisconnected: () => leave?.(),
  });
}

/** Calls `listener` for events of what is around an element, while that is in the page. */
export function listensTo<E extends Event>(
  host: ReactiveControllerHost,
  target: EventTarget,
  type: string,
  listener: (event: E) => void,
): void {
  whileInPage(host, () => {
    target.addEventListener(type, listener as EventListener);
    return () => target.removeEventListener(type, listener as EventListener);
  });
}

/** Calls `resized` when an element, or a part of what it renders, got another size. */
export function watchesSize(
  host: LitElement,
  resized: () => void,
  part: () => Element | null = () => host,
): void {
  whileInPage(host, () => {
    const observer = new ResizeObserver(resized);
    // What the element renders is there after its first update.
    void host.updateComplete.then(() => {
      const watched = part();
      if (watched && host.isConnected) observer.observe(watched);
    });
    return () => observer.disconnect();
  });
}

/**
 * Returns a base class for an element that shows what `select` takes from the state.
 * The element renders only when that slice holds something else than before.
 */
export function StateElement<Slice extends object>(select: (state: State) => Slice) {
  abstract class Base extends PageElement {
    @property({ attribute: false }) store!: Store;

    /** The slice as of the last change; set before the first render. */
    protected slice!: Slice;

    constructor() {
      super();
      whileInPage(this, () => {
        this.take(this.store.state);
        return this.store.subscribe((state) => this.take(state));
      });
    }

    /** Changes the state; later handlers of the same task see the change in the slice. */
    protected readonly act: Act = (change) => {
      this.store.update(change);
      this.take(this.store.state);
    };

    private take(state: State): void {
      const next = select(state);
      const isSame = same(this.slice, next, BRIEF);
      this.slice = next;
      if (!isSame) this.requestUpdate();
    }
  }
  return Base;
}

/** Applies a change to the state of the page. */
export type Act = (change: (state: State) => State) => void;

/** The empty list that slices share: one object, so that it equals itself. */
export const NONE: readonly never[] = [];
