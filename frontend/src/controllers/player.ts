/** Moves along the steps while playing, never ahead of the data. */

import { moveStep, patchPassing } from "../state/actions";
import { seriesOf, stepOf } from "../state/current";
import type { Store } from "../state/store";

export class Player {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly store: Store) {
    store.subscribe(() => this.schedule());
    this.schedule();
  }

  private schedule(): void {
    const { playing, speed } = this.store.state.passing;
    if (!playing) {
      clearTimeout(this.timer);
      this.timer = undefined;
      return;
    }
    this.timer ??= setTimeout(() => this.advance(), 1000 / speed);
  }

  private advance(): void {
    this.timer = undefined;
    const { state } = this.store;
    if (!state.passing.playing) return;
    const steps = seriesOf(state)?.steps ?? [];
    const atEnd = stepOf(state) === steps.at(-1);
    if (atEnd && !state.passing.loop) this.store.update(patchPassing({ playing: false }));
    else if (state.slots.positions.pending !== null) this.schedule();
    else this.store.update(moveStep(atEnd ? Number.NEGATIVE_INFINITY : 1));
  }
}
