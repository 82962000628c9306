/** Decides whether the server looks for the tokens whose neighbors changed most. */

import { seriesOf } from "../../state/current";
import type { State } from "../../state/state";

/** In tables of at most so many rows, the page looks for them without being told to. */
const MOMENT_ROWS = 10_000;

/** The state of the search for such tokens, as far as it is shown. */
export type ChangedNeighborsSearch =
  | "offered"
  | "nothing found"
  | { progress: number; job: string };

export function looksForChangedNeighbors(state: State): boolean {
  if (state.savedPage) return state.savedPage.has("findings", { with_neighbors: true });
  const rows = seriesOf(state)?.vocab_size ?? 0;
  return state.view.withNeighbors || rows <= MOMENT_ROWS;
}

export function changedNeighborsSearch(state: State): ChangedNeighborsSearch | null {
  const { value, job, pending } = state.slots.findings;
  if ((seriesOf(state)?.steps.length ?? 0) < 2 || !value) return null;
  if (!looksForChangedNeighbors(state)) return state.savedPage ? null : "offered";
  if (!state.view.withNeighbors) return null;
  if (pending !== null) return { progress: job?.progress ?? 0, job: job?.id ?? "" };
  return value.findings.some(({ kind }) => kind === "changed_neighbors") ? null : "nothing found";
}
