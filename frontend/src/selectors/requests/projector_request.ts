/** Decides what the standard Projector is asked to show. */

import type { AskOfSeries } from "../../api/data_source";
import { pointsOf } from "../../projector/shown_points";
import { seriesOf } from "../../state/current";
import type { State } from "../../state/state";

/** The largest number of rows that the Projector shows. */
const MOST_SHOWN = 100_000;
/** The largest number of selected rows that can be asked for beside the sample. */
const MOST_WANTED = 200;

type ProjectorAsk = AskOfSeries<"projector">;

/** Returns what the Projector should show; null while it is out of view. */
export function projectorAsk(state: State, of: ProjectorAsk): ProjectorAsk | null {
  if (state.view.pane === "map") return null;
  const rows = seriesOf(state)?.vocab_size ?? 0;
  if (rows <= MOST_SHOWN) return of;
  const { selection } = state.view;
  const { value } = state.slots.projector;
  // Another sample loads everything again, so it is asked for only if a selected row is missing.
  const there = value && pointsOf(value, selection).length === selection.length;
  const wanted = selection.slice(-MOST_WANTED).filter((row) => row < rows);
  return { ...of, indices: there ? value.indices : wanted.join(".") };
}
