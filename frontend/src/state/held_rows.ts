/** Translates the rows that a view names: links and storage have those of the table. */

import { FAR, type Numbering, numberingOf } from "../api/row_numbering";
import { seriesOf } from "./current";
import type { State } from "./state";
import type { View } from "./view";

type Of = Pick<View, "run" | "tag">;

/** Returns a view with the rows of the table, as links have them. */
export function inTableRows(view: View, state: State): View {
  const numbering = numberingFor(view, state);
  return numbering ? { ...view, ...mapped(view, (row) => numbering.rowOf(row)) } : view;
}

/** Returns a view of a link with the numbers that the page has for its rows, which it then holds. */
export function inHeldRows<V extends Partial<View>>(view: V, state: State): V {
  const { run = null, tag = null } = view;
  const numbering = numberingFor({ run, tag }, state);
  return numbering ? { ...view, ...mapped(view, (row) => numbering.held(row)) } : view;
}

/** Returns the rows of a view that are not held with the numbers that they get when they are. */
export function withFarRows(view: View, numbering: Numbering): View {
  const all = [view.selection, view.isolated ?? [], view.anchors ?? []];
  const awaited = (row: number) => row >= FAR && numbering.numberOf(row - FAR) !== row;
  const wanted = (row: number) => row >= FAR && numbering.canHold(row - FAR);
  const isFar = [...all, ...view.sets.map(({ rows }) => rows)].some((rows) =>
    rows.some((row) => wanted(row) || awaited(row)),
  );
  // Rows that no table has, or for which there is no room, stay as they are.
  if (!isFar) return view;
  return { ...view, ...mapped(view, (row) => (row < FAR ? row : numbering.held(row - FAR))) };
}

/** Returns the numbering of a view's series; a view that names none is of the series on screen. */
function numberingFor({ run, tag }: Of, state: State): Numbering | null {
  const shown = seriesOf(state);
  return numberingOf({ run: run ?? shown?.run, tag: tag ?? shown?.tag });
}

function mapped(view: Partial<View>, change: (row: number) => number): Partial<View> {
  const { selection, isolated, anchors, sets } = view;
  return {
    ...(selection && { selection: selection.map(change) }),
    ...(isolated && { isolated: isolated.map(change).sort((a, b) => a - b) }),
    ...(anchors && { anchors: anchors.map(change) }),
    ...(sets && { sets: sets.map((set) => ({ ...set, rows: set.rows.map(change) })) }),
  };
}
