/** Asks the server for what the page needs and puts the answers into the slots of the state. */

import type { CachedSource } from "../api/cached_source";
import type { Index, Job } from "../api/contract.gen";
import { type Answer, isAbort, jobOf, queryOf } from "../api/data_source";
import { LatestTask } from "../api/latest_task";
import { LAYOUT_SLOTS } from "../selectors/map_layout";
import { type SlotRequests, slotRequests } from "../selectors/slot_requests";
import { seriesOf, versionOf } from "../state/current";
import {
  initialState,
  SLOT_ROUTES,
  type Slot,
  type SlotAnswer,
  type SlotName,
} from "../state/state";
import type { Store } from "../state/store";
import { EMPTY_POLL_MS, JOB_POLL_MS, RETRY_MS, SCAN_POLL_MS } from "./intervals";
import { Prefetcher } from "./prefetcher";
import { failureOf } from "./request_failure";

const SLOT_NAMES = Object.keys(SLOT_ROUTES) as SlotName[];
/** Costly answers about one token: not asked for on the way to another step or token. */
const UNHURRIED: ReadonlySet<SlotName> = new Set([
  "trajectory",
  "trails",
  "compared",
  "motion",
  "change",
]);
const UNHURRIED_MS = 120;
/** Shown with the positions of their step, not before: the map is drawn once, not twice. */
const WITH_POSITIONS: ReadonlySet<SlotName> = new Set(["drift", "stepDrift"]);
/** Work for a step that was left would only hold up what is wanted now. */
const OF_THE_MOMENT: ReadonlySet<SlotName> = new Set(["quality", "motion", "change"]);
/** Answers without parts: until the work is done, those before stay. */
const UNDIVIDED: ReadonlySet<SlotName> = new Set([...LAYOUT_SLOTS, "motion", "change"]);
/** The map has come to rest at the step that it was given. */
const DRAWN_MS = 600;

type Timer = ReturnType<typeof setTimeout> | undefined;

/** Keeps each slot filled with the answer to its question in slot_requests.ts. */
export class SlotLoader {
  private readonly latest = new Map<SlotName, LatestTask>();
  private version = "";
  private series = "";
  private reloads = 0;
  /** What was in the log when it was last read to its end. */
  private complete: Index | null = null;
  private timer: Timer;
  private readonly prefetcher: Prefetcher;
  private readonly held = new Map<SlotName, { since: number; timer: Timer }>();
  /** Shows what came before the positions that it belongs to. */
  private early: (() => void)[] = [];
  private readonly unsubscribe: () => void;

  constructor(
    private readonly store: Store,
    private readonly source: CachedSource,
  ) {
    for (const name of SLOT_NAMES) this.latest.set(name, new LatestTask());
    this.prefetcher = new Prefetcher(store, source);
    this.unsubscribe = store.subscribe(() => this.fill());
    this.fill();
  }

  /** Asks for the index again; what it shows to be new follows. */
  reload(): void {
    this.reloads++;
    this.fill();
  }

  /** Asks again whatever failed. */
  retry(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.retryFailed();
    this.reload();
  }

  private retryFailed(): void {
    this.store.update((state) => {
      const slots = { ...state.slots };
      for (const name of SLOT_NAMES) {
        if (state.slots[name].failure) Object.assign(slots, { [name]: retried(state.slots[name]) });
      }
      return { ...state, slots };
    });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.prefetcher.dispose();
    for (const { timer } of this.held.values()) clearTimeout(timer);
    this.unsubscribe();
    for (const latest of this.latest.values()) latest.cancel();
  }

  private fill(): void {
    if (this.noticeNewSeries()) return;
    const wanted = slotRequests(this.store.state);
    for (const name of SLOT_NAMES) this.fillSlot(name, wanted);
  }

  /** Answers about one embedding must not be shown as another's. */
  private noticeNewSeries(): boolean {
    const { state } = this.store;
    const version = versionOf(state);
    if (version !== this.version) this.source.clear();
    this.version = version;
    const shown = seriesOf(state);
    const series = shown ? JSON.stringify([shown.run, shown.tag, shown.vocab_size]) : "";
    if (series === this.series) return false;
    this.series = series;
    this.store.update((current) => ({
      ...current,
      slots: { ...initialState().slots, index: current.slots.index },
    }));
    return true;
  }

  private fillSlot<S extends SlotName>(name: S, wanted: SlotRequests): void {
    const ask = wanted[name];
    const slot = this.store.state.slots[name];
    if (ask === null) {
      if (slot.pending !== null || slot.key !== null || slot.failure) {
        this.latest.get(name)?.cancel();
        this.leave(name);
        this.setSlot(name, { value: null, key: null, pending: null, failure: null });
      }
      return;
    }
    const key = `${queryOf(ask)}#${this.validity(name)}`;
    if (key === slot.pending || (key === slot.key && slot.pending === null)) return;
    this.setSlot(name, { ...slot, pending: key, job: this.leave(name) });
    this.unhurried(name, () => {
      if (this.slot(name).pending === key) this.begin(name, ask, key);
    });
  }

  /** At once, or, for what can wait or is asked for in a row, some time after the last question. */
  private unhurried(name: SlotName, begin: () => void): void {
    const now = performance.now();
    const { since = Number.NEGATIVE_INFINITY, timer } = this.held.get(name) ?? {};
    clearTimeout(timer);
    const inARow = UNHURRIED.has(name) && now - since < UNHURRIED_MS;
    const hold = name === "quality" ? DRAWN_MS : inARow ? UNHURRIED_MS : 0;
    if (hold) this.latest.get(name)?.cancel();
    this.held.set(name, { since: now, timer: hold ? setTimeout(begin, hold) : undefined });
    if (!hold) begin();
  }

  private begin<S extends SlotName>(name: S, ask: NonNullable<SlotRequests[S]>, key: string): void {
    this.fetchSlot(name, ask, key).catch((error: unknown) => {
      if (isAbort(error)) return;
      this.setSlot(name, { ...this.slot(name), key, pending: null, failure: failureOf(error) });
      if (this.slot(name).failure?.status === null) this.soon(RETRY_MS, () => this.retry());
    });
  }

  private async fetchSlot<S extends SlotName>(
    name: S,
    ask: NonNullable<SlotRequests[S]>,
    key: string,
  ): Promise<void> {
    const done = await this.latest.get(name)?.run((signal) => this.ask(name, ask, key, signal));
    if (!done) return;
    const value = (
      name === "index" ? this.takeIndex(done.value as Index) : done.value
    ) as SlotAnswer<S>;
    const job = jobOf(value);
    if (job && job.state !== "done") {
      this.follow(name, ask, key, value, job);
      return;
    }
    this.withPositions(name, () => {
      if (this.slot(name).pending !== key) return;
      this.setSlot(name, { value, key, pending: null, failure: null } as Slot<SlotAnswer<S>>);
    });
    if (name === "positions" || name === "drift") this.prefetcher.ask();
    if (name === "projector") this.prefetcher.askForProjector();
    if (name === "index") this.watch();
  }

  /** At once, or when the positions on their way have come or failed. */
  private withPositions(name: SlotName, show: () => void): void {
    const { value, pending, job } = this.slot("positions");
    const isAwaited = value !== null && pending !== null && !job;
    if (WITH_POSITIONS.has(name) && isAwaited) this.early.push(show);
    else show();
  }

  /** Ends the work for what a slot is no longer asked; the job that goes on, if any. */
  private leave(name: SlotName): Job | null {
    const { job = null } = this.slot(name);
    if (!OF_THE_MOMENT.has(name)) return job;
    this.end(job);
    return null;
  }

  private end(job: Job | null): void {
    if (job?.id) this.source.get("cancel", { id: job.id }).catch(() => undefined);
  }

  private async ask<S extends SlotName>(
    name: S,
    ask: NonNullable<SlotRequests[S]>,
    key: string,
    signal: AbortSignal,
  ): Promise<Answer<(typeof SLOT_ROUTES)[S]>> {
    const route = SLOT_ROUTES[name];
    if (!OF_THE_MOMENT.has(name)) return this.source.get(route, ask, signal);
    // Waited for even when it is no longer wanted: it says which work is to be ended.
    const answer = await this.source.get(route, ask);
    if (this.slot(name).pending !== key) this.end(jobOf(answer));
    return answer;
  }

  /**
   * A server that was started anew reads the log from its beginning, and knows nothing of
   * most of it for a while: what was there stays, until it is known what is there now.
   */
  private takeIndex(index: Index): Index {
    if (index.scanning) {
      return this.complete ? { ...index, series: this.complete.series } : index;
    }
    // What was asked meanwhile may have failed for that.
    if (this.complete && this.store.state.slots.index.value?.scanning) {
      queueMicrotask(() => this.retryFailed());
    }
    this.complete = index;
    return index;
  }

  /** Asks again until the work for an answer is done; what there is of it is shown. */
  private follow<S extends SlotName>(
    name: S,
    ask: NonNullable<SlotRequests[S]>,
    key: string,
    part: SlotAnswer<S>,
    job: Job,
  ): void {
    // Findings may have no parts yet: those before stay.
    const some = part !== null && "findings" in part && part.findings.length > 0;
    const stays = UNDIVIDED.has(name) || (name === "findings" && !some);
    const value = stays ? this.slot(name).value : part;
    if (job.state === "failed") {
      const failure = { status: 0, message: job.error };
      this.setSlot(name, { value, key, pending: null, failure });
      return;
    }
    this.setSlot(name, { value, key, pending: key, failure: null, job });
    setTimeout(() => {
      if (this.slot(name).pending === key) this.begin(name, ask, key);
    }, JOB_POLL_MS);
  }

  /** Nothing announces more while the log is read, or a first snapshot. */
  private watch(): void {
    const index = this.store.state.slots.index.value;
    if (index?.scanning) this.soon(SCAN_POLL_MS, () => this.reload());
    else if (index && !index.series.length) {
      this.soon(EMPTY_POLL_MS, () => (document.hidden ? this.watch() : this.reload()));
    }
  }

  /** What an answer's truth depends on, beside the question. */
  private validity(name: SlotName): string {
    if (name === "index") return String(this.reloads);
    const columns = name === "tokens" || name === "frequency";
    return columns ? (seriesOf(this.store.state)?.columns_id ?? "") : this.version;
  }

  private soon(ms: number, action: () => void): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      action();
    }, ms);
  }

  private slot<S extends SlotName>(name: S): Slot<SlotAnswer<S>> {
    return this.store.state.slots[name];
  }

  private setSlot<S extends SlotName>(name: S, slot: Slot<SlotAnswer<S>>): void {
    this.store.update((state) => ({ ...state, slots: { ...state.slots, [name]: slot } }));
    if (name === "positions" && (slot.pending === null || slot.job)) {
      for (const show of this.early.splice(0)) show();
    }
  }
}

function retried(slot: Slot<unknown>): Slot<unknown> {
  // The failure stays until there is an answer: a message that blinks helps nobody.
  return { ...slot, key: null };
}
