/** Shows a step on the map while the pointer rests on it in a chart. */

import { patchPassing } from "../state/actions";
import type { Store } from "../state/store";

/** On the way over a chart, the steps below the pointer are not worth a request. */
const REST_MS = 100;

/** From one chart to the next it is not far. */
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
