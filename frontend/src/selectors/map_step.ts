import { patchPassing } from "../state/actions";
import { seriesOf, stepOf } from "../state/current";
import type { State } from "../state/state";
import type { Store } from "../state/store";

/** While the pointer rests on a step of a chart, the map shows that step; then its own again. */

/** The step of a chart that the map shows instead of its own; null for none. */
export function previewedStep(state: State): number | null {
  const { preview, playing, filming } = state.passing;
  if (preview === null || playing || filming !== null || preview === stepOf(state)) return null;
  return seriesOf(state)?.steps.includes(preview) ? preview : null;
}

/** The step that the map shows, or is about to. */
export function mapStep(state: State): number | null {
  return previewedStep(state) ?? stepOf(state);
}

/** Says at which step of a chart the pointer is. */
export const hoverChart =
  (step: number | null) =>
  (state: State): State =>
    patchPassing({ hoverStep: step, hoversChart: step !== null })(state);

/** On the way over a chart, the steps below the pointer are not worth a request. */
const REST_MS = 100;
/** From one chart to the next it is not far. */
const LEAVE_MS = 250;

/** Decides when the map follows the pointer, and when it goes back. */
export class Previewer {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private awaited: number | null = null;
  private readonly unsubscribe: () => void;

  constructor(private readonly store: Store) {
    this.unsubscribe = store.subscribe(() => this.note());
  }

  dispose(): void {
    this.unsubscribe();
    clearTimeout(this.timer);
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
