import { seriesOf, stepOf } from "../state/current";
import type { State } from "../state/state";

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
