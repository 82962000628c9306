/** Moves along the steps while playing, never ahead of the data. */

import { paceOf } from "../selectors/shared/playing_pace";
import { moveStep, patchPassing } from "../state/actions";
import { seriesOf, stepOf } from "../state/current";
import type { Store } from "../state/store";

export class Player {
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** When the frame on screen was due; null while nothing plays. */
  private due: number | null = null;

  constructor(private readonly store: Store) {
    store.subscribe(() => this.schedule());
    this.schedule();
  }

  private schedule(): void {
    const { state } = this.store;
    if (!state.passing.playing) {
      clearTimeout(this.timer);
      this.timer = undefined;
      this.due = null;
      return;
    }
    this.due ??= performance.now();
    this.timer ??= setTimeout(() => this.advance(), paceOf(state).ms);
  }

  private advance(): void {
    this.timer = undefined;
    const { state } = this.store;
    if (!state.passing.playing) return;
    const steps = seriesOf(state)?.steps ?? [];
    const atEnd = stepOf(state) === steps.at(-1);
    if (atEnd && !state.passing.loop) this.store.update(patchPassing({ playing: false }));
    else if (state.slots.positions.pending !== null) this.schedule();
    else this.store.update(moveStep(atEnd ? Number.NEGATIVE_INFINITY : this.stepsDue()));
  }

  /** Returns how many steps to move on by: those of late frames, too, where the time is fixed. */
  private stepsDue(): number {
    const { stride, ms, keepsTime } = paceOf(this.store.state);
    const now = performance.now();
    const due = this.due ?? now;
    const frames = keepsTime ? Math.max(1, Math.round((now - due) / ms)) : 1;
    this.due = keepsTime ? due + frames * ms : now;
    return stride * frames;
  }
}
