/** Asks ahead for the steps that the user may go to next. */

import type { CachedSource } from "../api/cached_source";
import { layoutAsk } from "../selectors/map_layout";
import { projectorAsk } from "../selectors/projector_request";
import { referenceOf, seriesOf, stepOf } from "../state/current";
import type { Store } from "../state/store";

const STEPS_AHEAD = 3;
/** After this long without a change, what may be wanted next is asked for. */
const REST_MS = 150;
/** The Projector takes this long at least to show a table. */
const PROJECTOR_REST_MS = 600;
/** Larger tables are fetched when they are wanted. */
const MOST_PROJECTOR_BYTES = 16e6;

export class Prefetcher {
  private resting: ReturnType<typeof setTimeout> | undefined;
  private projecting: ReturnType<typeof setTimeout> | undefined;

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

  /** What the Projector would show at the steps beside; not before it shows this one. */
  askForProjector(): void {
    clearTimeout(this.projecting);
    const ask = () => void this.askForProjectorNow().catch(() => undefined);
    this.projecting = setTimeout(ask, PROJECTOR_REST_MS);
  }

  dispose(): void {
    clearTimeout(this.resting);
    clearTimeout(this.projecting);
  }

  /** The next steps, in the direction of play; at rest the one before, too. */
  private askNow(): void {
    const { state } = this.store;
    const { positions, drift } = state.slots;
    const isAwaited = positions.pending !== null || drift.pending !== null;
    // What the user waits for comes first; when it has come, this is asked again.
    if (isAwaited && !state.passing.playing) return;
    const series = seriesOf(state);
    const step = stepOf(state);
    const reference = referenceOf(state);
    if (!series || step === null || reference === null) return;
    const { run, tag, steps } = series;
    const inLayout = { run, tag, ...layoutAsk(state) };
    const { measure } = state.view;
    const at = steps.indexOf(step);
    const before = state.passing.playing ? [] : steps.slice(Math.max(at - 1, 0), at);
    const driftTo = (to_step: number) => ({ run, tag, from_step: reference, to_step, measure });
    for (const next of [...steps.slice(at + 1, at + 1 + STEPS_AHEAD), ...before]) {
      if (state.view.pane !== "projector") {
        this.source.prefetch("positions", { ...inLayout, step: next });
      }
      this.source.prefetch("drift", driftTo(next));
    }
  }

  private async askForProjectorNow(): Promise<void> {
    const { state } = this.store;
    const series = seriesOf(state);
    const step = stepOf(state);
    const reference = referenceOf(state);
    if (!series || step === null || reference === null) return;
    const { run, tag, steps, vocab_size, embedding_dim } = series;
    if (4 * vocab_size * embedding_dim > MOST_PROJECTOR_BYTES) return;
    const at = steps.indexOf(step);
    for (const next of [steps[at - 1], steps[at + 1]]) {
      if (next === undefined) continue;
      const ask = projectorAsk(state, { run, tag, step: next, reference_step: reference });
      if (!ask || stepOf(this.store.state) !== step) return;
      const { key, problem } = await this.source.get("projector", ask);
      if (!problem) this.source.projector?.prefetch(key);
    }
  }
}
