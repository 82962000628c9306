import type { CachedSource } from "../api/cache";
import { derivedReference, seriesOf, stepOf } from "./derived";
import { pictureAsk } from "./pictures";
import type { Store } from "./store";

const STEPS_AHEAD = 3;
/** After this long without a change, what may be wanted next is asked for. */
const REST_MS = 150;

/** Asks for the steps that the user may go to next, so that they are there at once. */
export class Ahead {
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly store: Store,
    private readonly source: CachedSource,
  ) {}

  /** While the user moves through the steps, those on the way are not worth more requests. */
  ask(): void {
    clearTimeout(this.resting);
    if (this.store.state.passing.playing) this.askNow();
    else this.resting = setTimeout(() => this.askNow(), REST_MS);
  }

  dispose(): void {
    clearTimeout(this.resting);
  }

  /** The next steps, in the direction of play; at rest the one before, too. */
  private askNow(): void {
    const { state } = this.store;
    const series = seriesOf(state);
    const step = stepOf(state);
    const reference = derivedReference(state);
    if (!series || step === null || reference === null) return;
    const { run, tag, steps } = series;
    const picture = { run, tag, ...pictureAsk(state) };
    const { measure } = state.view;
    const at = steps.indexOf(step);
    const before = state.passing.playing ? [] : steps.slice(Math.max(at - 1, 0), at);
    for (const next of [...steps.slice(at + 1, at + 1 + STEPS_AHEAD), ...before]) {
      this.source.prefetch("positions", { ...picture, step: next });
      this.source.prefetch("drift", { run, tag, from_step: reference, to_step: next, measure });
    }
  }
}
