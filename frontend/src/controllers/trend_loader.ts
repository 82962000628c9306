/** Loads the small drift lines of the table for the rows in view. */

import type { CachedSource } from "../api/cached_source";
import { isAbort } from "../api/data_source";
import { shownColumns, whereOf } from "../selectors/table_columns";
import { keyOf } from "../selectors/trends";
import { NO_TRENDS, type State } from "../state/state";
import type { Store } from "../state/store";

const REST_MS = 120;
/** As many as the server answers for at once. */
const MOST_AT_ONCE = 200;
const MOST_KEPT = 4000;

/** Waits until the table rests, and asks for few rows at a time. */
export class TrendLoader {
  private controller: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = "";
  private readonly unsubscribe: () => void;

  constructor(
    private readonly store: Store,
    private readonly source: CachedSource,
  ) {
    this.unsubscribe = store.subscribe(() => this.fill());
    this.fill();
  }

  dispose(): void {
    this.unsubscribe();
    clearTimeout(this.timer);
    this.controller?.abort();
  }

  private fill(): void {
    const { state } = this.store;
    const missing = missingRows(state);
    const asked = missing.length ? `${keyOf(state)} ${missing.join(".")}` : "";
    if (asked === this.asked) return;
    this.asked = asked;
    clearTimeout(this.timer);
    if (missing.length) {
      this.timer = setTimeout(() => {
        // What fails is asked for again with the next rows.
        this.load(missing).catch((error: unknown) => {
          if (!isAbort(error)) this.asked = "";
        });
      }, REST_MS);
    }
  }

  private async load(rows: readonly number[]): Promise<void> {
    const where = whereOf(this.store.state);
    if (!where) return;
    const key = keyOf(this.store.state);
    this.controller?.abort();
    const controller = new AbortController();
    this.controller = controller;
    const { of, reference, measure } = where;
    const ask = { ...of, indices: rows.join("."), reference_step: reference, measure };
    const { indices, drift, steps } = await this.source.get("trajectories", ask, controller.signal);
    if (controller.signal.aborted || keyOf(this.store.state) !== key) return;
    this.store.update((state) => {
      const before = state.trends.key === key ? state.trends.byRow : new Map();
      const kept = [...before].slice(-MOST_KEPT);
      const length = steps.length;
      const found = indices.map((row, at): [number, Float32Array] => [
        row,
        drift.slice(at * length, (at + 1) * length),
      ]);
      return { ...state, trends: { key, steps, byRow: new Map([...kept, ...found]) } };
    });
  }
}

/** The rows in view whose trends are to be shown and are not known. */
function missingRows(state: State): readonly number[] {
  if (!shownColumns(state).some(({ kind }) => kind === "trend")) return [];
  const known = state.trends.key === keyOf(state) ? state.trends.byRow : NO_TRENDS.byRow;
  return state.passing.tableRows.filter((row) => !known.has(row)).slice(0, MOST_AT_ONCE);
}
