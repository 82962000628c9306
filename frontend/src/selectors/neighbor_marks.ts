/** Finds the neighbors of the inspected token that the map marks. */

import type { NeighborChange } from "../api/contract.gen";
import { inspectedRow } from "../state/current";
import type { State } from "../state/state";
import { memo } from "../util/memo";
import { isManySelected } from "./dimmed_points";

type Fate = "gained" | "kept" | "lost";

/**
 * Returns what became of each neighbor of the inspected token, as the inspector lists them; none in
 * a selection so large that it is looked at as a whole.
 */
export function neighborMarks(state: State): ReadonlyMap<number, Fate> {
  const change = state.slots.change.value;
  const isShown = change?.index === inspectedRow(state) && !isManySelected(state);
  return fates(isShown ? change : null);
}

const fates = memo((change: NeighborChange | null): ReadonlyMap<number, Fate> => {
  const { gained = [], kept = [], lost = [] } = change ?? {};
  const all = [...kept.map(as("kept")), ...gained.map(as("gained")), ...lost.map(as("lost"))];
  return new Map(all);
});

const as =
  (fate: Fate) =>
  (index: number): [number, Fate] => [index, fate];
