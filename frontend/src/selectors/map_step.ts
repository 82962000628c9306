/** Decides which step the map shows: that of the timeline, or a previewed one. */

import { seriesOf, stepOf } from "../state/current";
import type { State } from "../state/state";

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
