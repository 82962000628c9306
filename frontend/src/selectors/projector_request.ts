import type { Projector } from "../api/contract.gen";
import type { Ask } from "../api/data_source";
import { patchView } from "../state/actions";
import { seriesOf } from "../state/current";
import type { Pane, State } from "../state/state";

export const PANES: readonly Pane[] = ["map", "projector", "split"];

/** More rows than these the Projector doesn't show. */
const MOST_SHOWN = 100_000;
/** As many selected rows as can be asked for beyond the sample. */
const MOST_WANTED = 200;

/** What the Projector should show; null while it is out of view. */
export function projectorAsk(
  state: State,
  of: Omit<Ask<"projector">, "indices">,
): Ask<"projector"> | null {
  if (state.view.pane === "map") return null;
  const rows = seriesOf(state)?.vocab_size ?? 0;
  if (rows <= MOST_SHOWN) return of;
  const { selection } = state.view;
  const { value } = state.slots.projector;
  // Another sample means to load it all anew: only for a token that is not in this one.
  const there = value && pointsOf(value, selection).length === selection.length;
  const wanted = selection.slice(-MOST_WANTED).filter((row) => row < rows);
  return { ...of, indices: there ? value.indices : wanted.join(".") };
}

/** The points of some rows, those that are not shown left out. */
export function pointsOf({ rows }: Projector, wanted: readonly number[]): number[] {
  if (!rows.length) return [...wanted];
  return wanted.map((row) => search(rows, row)).filter((point) => point >= 0);
}

/** The row of each of some points. */
export function rowsOf({ rows }: Projector, points: readonly number[]): number[] {
  if (!rows.length) return [...points];
  return points.map((point) => rows[point]).filter((row) => row !== undefined);
}

/** Where an ascending array holds a value, or -1. */
function search(values: Int32Array, wanted: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return values[low] === wanted ? low : -1;
}

/** The next of the views, around. */
export const nextPane = (state: State): State => {
  const next = PANES[(PANES.indexOf(state.view.pane) + 1) % PANES.length] ?? "map";
  return patchView({ pane: next })(state);
};
