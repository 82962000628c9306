/** Loads the columns that the table shows, sorts or filters by. */

import type { CachedSource } from "../api/cached_source";
import { isAbort, jobOf, queryOf, RequestFailed } from "../api/data_source";
import { colorByOf, sizeByOf } from "../selectors/point_colors";
import { availableColumns, type Source, sourceOf, whereOf } from "../selectors/table_columns";
import { filterOf } from "../selectors/table_filter";
import { versionOf } from "../state/current";
import type { ColumnEntry, State } from "../state/state";
import type { Store } from "../state/store";
import { JOB_POLL_MS, pause, RETRY_MS } from "./intervals";
import { failureOf } from "./request_failure";

/** The key of a column that is to be asked for once more. */
const ASKED_AGAIN = "";

/** What takes a while is not begun on the way to another step. */
const SLOW_MS = 400;

export class TableColumnsLoader {
  private readonly controllers = new Map<string, AbortController>();
  private series = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
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
    for (const controller of this.controllers.values()) controller.abort();
  }

  /** Asks again for whatever failed. */
  retry(): void {
    for (const [id, entry] of Object.entries(this.store.state.table)) {
      if (entry.failure) this.set(id, null);
    }
    this.fill();
  }

  private fill(): void {
    const { state } = this.store;
    const where = whereOf(state);
    const series = where ? JSON.stringify(where.of) : "";
    const wanted = where ? neededColumns(state) : new Set<string>();
    for (const id of Object.keys(state.table)) {
      if (!wanted.has(id) || series !== this.series) this.drop(id);
    }
    this.series = series;
    for (const id of wanted) {
      const source = sourceOf(id);
      const ask = where && source?.ask(where);
      if (source) this.fillColumn(id, source, ask ?? null);
    }
  }

  private fillColumn(id: string, source: Source, ask: object | null): void {
    const { state } = this.store;
    const entry = state.table[id];
    const slow = availableColumns(state).some((column) => column.id === id && column.slow);
    const key = ask ? `${queryOf(ask)}#${versionOf(state)}` : "none";
    if (entry?.key === key || (slow && state.passing.playing && entry)) return;
    this.controllers.get(id)?.abort();
    this.cancelJob(id);
    if (!ask) {
      this.set(id, { values: null, key, pending: false, job: null, failure: null });
      return;
    }
    const controller = new AbortController();
    this.controllers.set(id, controller);
    const values = entry?.values ?? null;
    // A message that blinks helps nobody: it stays until there is an answer.
    const failure = entry?.key === ASKED_AGAIN ? entry.failure : null;
    this.set(id, { values, key, pending: true, job: null, failure });
    this.load(id, source, ask, controller.signal, slow).catch((error: unknown) => {
      if (isAbort(error) || controller.signal.aborted) return;
      const failure = failureOf(error);
      this.patch(id, { pending: false, job: null, failure });
      if (failure.status === null) this.timer ??= setTimeout(() => this.askAgain(), RETRY_MS);
    });
  }

  /** For what the server did not answer at all. */
  private askAgain(): void {
    this.timer = undefined;
    for (const [id, { failure, pending }] of Object.entries(this.store.state.table)) {
      if (failure?.status === null && !pending) this.patch(id, { key: ASKED_AGAIN });
    }
    this.fill();
  }

  private async load(
    id: string,
    source: Source,
    ask: object,
    signal: AbortSignal,
    slow: boolean,
  ): Promise<void> {
    if (slow) await pause(SLOW_MS, signal);
    for (;;) {
      const answer = await this.source.get(source.route, ask as never, signal);
      if (signal.aborted) return;
      const values = source.read(answer);
      if (values) {
        this.patch(id, { values, pending: false, job: null, failure: null });
        return;
      }
      const job = jobOf(answer);
      if (job?.state === "failed") throw new RequestFailed(500, job.error);
      this.patch(id, { job, failure: null });
      await pause(JOB_POLL_MS, signal);
    }
  }

  private drop(id: string): void {
    this.controllers.get(id)?.abort();
    this.controllers.delete(id);
    this.cancelJob(id);
    this.set(id, null);
  }

  /** Unless another column comes from the same work. */
  private cancelJob(id: string): void {
    const { [id]: entry, ...others } = this.store.state.table;
    const job = entry?.job;
    const isShared = Object.values(others).some((other) => other.job?.id === job?.id);
    if (job && !isShared) this.source.get("cancel", { id: job.id }).catch(() => undefined);
  }

  private patch(id: string, change: Partial<ColumnEntry>): void {
    const entry = this.store.state.table[id];
    if (entry) this.set(id, { ...entry, ...change });
  }

  private set(id: string, entry: ColumnEntry | null): void {
    this.store.update((state) => {
      const { [id]: _, ...others } = state.table;
      return { ...state, table: entry ? { ...others, [id]: entry } : others };
    });
  }
}

/** The columns whose values are on screen, sort it, or decide what is on it. */
function neededColumns(state: State): Set<string> {
  const filter = filterOf(state);
  const filtered = filter?.error === null ? filter.columns : [];
  const ids = [
    ...state.view.columns,
    state.view.sort.by,
    ...filtered,
    colorByOf(state),
    sizeByOf(state) ?? "",
  ];
  const available = new Set(availableColumns(state).map(({ id }) => id));
  return new Set(ids.filter((id) => available.has(id) && sourceOf(id)));
}
