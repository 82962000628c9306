/** Shows a step on the map while the pointer rests on it in a chart. */

import { patchPassing } from "../state/actions";
import type { Store } from "../state/store";

/** The pointer must rest so long on a step before the page asks for it. */
const REST_MS = 100;

/** The preview stays so long without the pointer, which may be on its way to the next chart. */
const LEAVE_MS = 250;

export class Previewer {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private awaited: number | null = null;

  constructor(private readonly store: Store) {
    store.subscribe(() => this.note());
  }

  private note(): void {
    const { hoverStep, hoversChart } = this.store.state.passing;
    const next = hoversChart ? hoverStep : null;
    if (next === this.awaited) return;
    this.awaited = next;
    clearTimeout(this.timer);
    const show = () => this.store.update(patchPassing({ preview: next }));
    this.timer = setTimeout(show, next === null ? LEAVE_MS : REST_MS);
  }
}
