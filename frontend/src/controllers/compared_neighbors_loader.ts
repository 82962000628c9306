/** Loads the neighbors of the tokens that are compared with the inspected one. */

import type { CachedSource } from "../api/cached_source";
import type { NeighborChange } from "../api/contract.gen";
import { isAbort, jobOf, RequestFailed } from "../api/data_source";
import { askOf, keyOf, missingRow } from "../selectors/compared_neighbors";
import { type Failure, NO_COMPARED_NEIGHBORS } from "../state/state";
import type { Store } from "../state/store";
import { JOB_POLL_MS, pause, RETRY_MS } from "./intervals";
import { failureOf } from "./request_failure";

/** Neighbors are costly: nobody waits for those of a step on the way. */
const REST_MS = 250;

/** Asks for one token after the other, once the steps rest. */
export class ComparedNeighborsLoader {
  private controller: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = "";
  private key = "";
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
    if (state.passing.playing) return;
    const row = missingRow(state);
    const key = keyOf(state);
    const asked = row === null ? "" : `${key} ${row}`;
    if (asked === this.asked) return;
    this.asked = asked;
    clearTimeout(this.timer);
    this.controller?.abort();
    const rest = key === this.key ? 0 : REST_MS;
    this.key = key;
    if (row === null) return;
    this.timer = setTimeout(() => {
      this.load(row, key).catch((error: unknown) => {
        if (isAbort(error) || this.asked !== asked) return;
        const failure = failureOf(error);
        this.note(key, { failure });
        if (failure.status !== null) return;
        this.timer = setTimeout(() => this.askAgain(), RETRY_MS);
      });
    }, rest);
  }

  private askAgain(): void {
    this.asked = "";
    this.fill();
  }

  private async load(row: number, key: string): Promise<void> {
    const ask = askOf(this.store.state, row);
    if (!ask) return;
    const controller = new AbortController();
    this.controller = controller;
    for (;;) {
      const change = await this.source.get("neighbor_change", ask, controller.signal);
      if (controller.signal.aborted) return;
      const job = jobOf(change);
      if (job?.state === "failed") throw new RequestFailed(500, job.error);
      if (!job || job.state === "done") return this.note(key, { change });
      await pause(JOB_POLL_MS, controller.signal);
    }
  }

  /** Drops what was known of other steps, and what comes too late for them. */
  private note(
    key: string,
    { change, failure }: { change?: NeighborChange; failure?: Failure },
  ): void {
    if (key !== keyOf(this.store.state)) {
      this.asked = "";
      return;
    }
    this.store.update((state) => {
      const before =
        state.comparedNeighbors.key === key
          ? state.comparedNeighbors.byRow
          : NO_COMPARED_NEIGHBORS.byRow;
      const byRow = change ? new Map([...before, [change.index, change] as const]) : before;
      return { ...state, comparedNeighbors: { key, byRow, failure: failure ?? null } };
    });
  }
}
