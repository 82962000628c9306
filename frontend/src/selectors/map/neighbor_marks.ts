/** Finds what became of the neighbors of a token, and which of them the map marks. */

import type { NeighborChange } from "../../api/contract.gen";
import { inspectedRow } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import { isManySelected } from "./dimmed_points";

export type Fate = "gained" | "kept" | "lost";

/**
 * Returns what became of each neighbor of the inspected token, as the inspector lists them; none in
 * a selection so large that it is looked at as a whole.
 */
export function neighborMarks(state: State): ReadonlyMap<number, Fate> {
  const change = state.slots.change.value;
  const isShown = change?.index === inspectedRow(state) && !isManySelected(state);
  return fatesOf(isShown ? change : null);
}

/** Returns what became of each neighbor of a token. */
export const fatesOf = memo((change: NeighborChange | null): ReadonlyMap<number, Fate> => {
  const { gained = [], kept = [], lost = [] } = change ?? {};
  const as = (fate: Fate) => (index: number) => [index, fate] as const;
  return new Map([...kept.map(as("kept")), ...gained.map(as("gained")), ...lost.map(as("lost"))]);
}, 8);
