/** Asks the server for what the page needs and puts the answers into the slots of the state. */

import type { Index, Job, Series } from "../api/contract.gen";
import {
  type Ask,
  type Asks,
  jobOf,
  type Question,
  RequestFailed,
  type RouteName,
} from "../api/data_source";
import { INDEX, slotRequests } from "../selectors/requests/slot_requests";
import type { SlotRequest } from "../selectors/shared/request";
import { patchPassing } from "../state/actions";
import { findSeries, seriesOf } from "../state/current";
import { followSeries } from "../state/follow_series";
import { EMPTY, type Failure, type Slot, type SlotName } from "../state/slots";
import type { Store } from "../state/store";
import { EMPTY_POLL_MS, GROWTH_MS, JOB_POLL_MS, RETRY_MS, SCAN_POLL_MS } from "./polling_intervals";

/** The last request for a slot. */
interface Task {
  readonly request: SlotRequest;
  readonly since: number;
  readonly controller: AbortController;
}

/** Keeps each slot filled with the answer to its request in slot_requests.ts. */
export class Loader {
  private readonly tasks = new Map<SlotName, Task>();
  /** The last index of a log that was read to its end. */
  private complete: Index | null = null;
  /** The series on screen when the server went away; null while it answers. */
  private lost: Series | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Shows the answers that came before the positions that they belong to. */
  private readonly early: (() => void)[] = [];
  /** Jobs that end unless another slot waits for them. */
  private readonly left: Job[] = [];

  constructor(
    private readonly store: Store,
    private readonly source: Asks,
  ) {
    store.subscribe(() => this.fill());
    this.fill();
  }

  /** Asks again for the index, and for whatever failed. */
  reload(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.askAgain((name, { failure }) => name === "index" || failure !== null);
  }

  /** Asks again for some slots. Failures stay until there is an answer, so that messages don't blink. */
  private askAgain(which: (name: string, slot: Slot<unknown>) => boolean): void {
    this.store.update((state) => {
      const slots = Object.entries<Slot<unknown> | undefined>(state.slots).map(
        ([name, slot = EMPTY]) => [
          name,
          which(name, slot) ? { ...slot, key: null, pending: null } : slot,
        ],
      );
      return { ...state, slots: Object.fromEntries(slots) };
    });
  }

  private fill(): void {
    this.followSeries();
    const { state } = this.store;
    const requests: Record<string, SlotRequest | string | false | null | undefined> =
      slotRequests(state);
    for (const name of Object.keys({ ...state.slots, ...requests }) as SlotName[]) {
      const request = requests[name];
      if (!request) this.empty(name);
      else if (typeof request === "object") this.want(name, request);
    }
    // Views are notified after this function: they get the positions and these answers together.
    if (!this.awaitsPositions()) for (const show of this.early.splice(0)) show();
    for (const job of this.left.splice(0)) this.end(job);
  }

  /** Shows a series that the log holds, and gives up the questions about another one. */
  private followSeries(): void {
    const { state } = this.store;
    const next = followSeries(state);
    if (next.slots !== state.slots) {
      for (const name of this.tasks.keys()) if (name !== "index") this.leave(name);
    }
    this.store.update(() => next);
  }

  private empty(name: SlotName): void {
    if (this.slot(name) === EMPTY) return;
    this.leave(name);
    this.set(name, EMPTY);
  }

  private want(name: SlotName, request: SlotRequest): void {
    const slot = this.slot(name);
    const { key, rest = 0 } = request;
    const isLater = grows(slot.key, key) && !isForTable(name);
    const { delay = isLater ? GROWTH_MS : 0 } = request;
    if (key === slot.pending || (key === slot.key && slot.pending === null)) return;
    const now = performance.now();
    const { since = Number.NEGATIVE_INFINITY, request: before = request } =
      this.tasks.get(name) ?? {};
    const isOfOther = subjectOf(before) !== subjectOf(request);
    const job = this.leave(name);
    const controller = new AbortController();
    this.tasks.set(name, { request, since: now, controller });
    this.set(name, { ...(isOfOther ? EMPTY : slot), pending: key, job });
    void this.load(
      name,
      request,
      controller.signal,
      now - since < rest ? Math.max(rest, delay) : delay,
    );
  }

  /** Gives up the last request for a slot. Returns its job, unless the job ends with the request. */
  private leave(name: SlotName): Job | null {
    const { request, controller } = this.tasks.get(name) ?? {};
    controller?.abort();
    const { job = null } = this.slot(name);
    if (!job || !request?.endsJob) return job;
    this.left.push(job);
    return null;
  }

  /** Cancels a job, unless another slot waits for the same job. */
  private end({ id }: Job): void {
    const slots = Object.values<Slot<unknown> | undefined>(this.store.state.slots);
    if (!id || slots.some((slot) => slot?.job?.id === id)) return;
    const cancel = { route: "cancel", ask: { id }, key: `cancel ${id}` } as const;
    this.source.get(cancel).catch(() => undefined);
  }

  private async load(
    name: SlotName,
    request: SlotRequest,
    signal: AbortSignal,
    delay: number,
  ): Promise<void> {
    const { key, endsJob } = request;
    let begun: Job | null = null;
    let part: unknown = null;
    try {
      if (delay) await pause(delay, signal);
      for (;;) {
        // The first answer has the id of the job, which is needed to cancel it.
        const answer = await this.source.get(request, endsJob && !begun ? undefined : signal);
        const job = jobOf(answer);
        if (signal.aborted) {
          if (endsJob && job && !begun) this.end(job);
          return;
        }
        begun = job;
        if (job?.state === "failed") throw new RequestFailed(0, job.error);
        if (!job || job.state === "done") {
          this.show(name, request, answer as never, signal);
          return;
        }
        part = request.readPart?.(answer as never) ?? null;
        const value = part ?? this.slot(name).value;
        this.set(name, { value, key, pending: key, failure: null, job });
        await pause(JOB_POLL_MS, signal);
      }
    } catch (error) {
      if (signal.aborted) return;
      const failure = failureOf(error);
      if (isAboutTheLog(failure)) await this.lookAgain(signal);
      if (signal.aborted) return;
      // The value in the slot answers an earlier question: it stays if this one may still be answered.
      const value = canBeMended(failure) ? this.slot(name).value : part;
      this.set(name, { value, key, pending: null, failure, job: null });
      if (failure.status === null) {
        this.lost ??= seriesOf(this.store.state);
        this.soon(RETRY_MS, () => this.reload());
      }
    }
  }

  /** Asks what is in the log now: the series may have been deleted, or written anew. */
  private async lookAgain(signal: AbortSignal): Promise<void> {
    try {
      const { value } = this.slot("index");
      const index = await this.source.get(INDEX, signal);
      // What a reload brought meanwhile is newer.
      if (this.slot("index").value !== value) return;
      this.set("index", { ...this.slot("index"), value: this.takeIndex(index) });
      this.fill();
    } catch {
      // The user already sees the failure that led here.
    }
  }

  private show(name: SlotName, request: SlotRequest, answer: unknown, signal: AbortSignal): void {
    const show = () => {
      if (signal.aborted) return;
      const read = name === "index" ? this.takeIndex(answer as Index) : answer;
      const value = request.read ? request.read(read as never) : read;
      this.set(name, { value, key: request.key, pending: null, failure: null });
    };
    if (request.isShownWithPositions && this.awaitsPositions()) this.early.push(show);
    else show();
  }

  private awaitsPositions(): boolean {
    const { value, pending, job, key } = this.slot("positions");
    return value !== null && pending !== null && !job && !grows(key, pending);
  }

  /**
   * Returns the index to show. A server that was restarted reads the log again, and for a while
   * it knows only a part of the log: until then, the series of the index before are shown.
   */
  private takeIndex(index: Index): Index {
    // The server sends no message when it has read more, or when a first snapshot comes.
    if (index.scanning) this.soon(SCAN_POLL_MS, () => this.askForIndex());
    else if (!index.series.length) this.soon(EMPTY_POLL_MS, () => this.askForIndex());
    if (index.scanning) return { ...index, series: (this.complete ?? index).series };
    // Questions that were asked meanwhile may have failed because the log was not read yet.
    if (this.complete && this.store.state.slots.index.value?.scanning) {
      this.askAgain((_, { failure }) => failure !== null);
    }
    this.complete = index;
    this.tellNewSteps(index);
    return index;
  }

  /** Says how many steps came to the series on screen while the server did not answer. */
  private tellNewSteps({ series }: Index): void {
    const { lost } = this;
    this.lost = null;
    const now = lost && findSeries(series, lost.run, lost.tag);
    const steps = now ? now.steps.filter((step) => !lost.steps.includes(step)).length : 0;
    if (steps) this.store.update(patchPassing({ toast: { kind: "steps", steps } }));
  }

  /** Asks for the index, or waits while the page is hidden. */
  private askForIndex(): void {
    if (document.hidden) this.soon(EMPTY_POLL_MS, () => this.askForIndex());
    else this.askAgain((name) => name === "index");
  }

  private soon(ms: number, action: () => void): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      action();
    }, ms);
  }

  private slot<S extends SlotName>(name: S): Slot<unknown> {
    return this.store.state.slots[name] ?? EMPTY;
  }

  private set(name: SlotName, slot: Slot<unknown>): void {
    this.store.update((state) => ({ ...state, slots: { ...state.slots, [name]: slot } }));
  }
}

/** The routes whose answers do not say which series they are measured from, and are not marked as old. */
const NAMELESS: ReadonlySet<RouteName> = new Set<RouteName>([
  "rows_in_reference",
  "similarity_matrix",
]);

/** Tells what an answer is about that does not say so: under the name of another, it must not stay. */
function subjectOf({ route, ask }: Question): string {
  const { run, tag, text, reference_run, reference_tag } = ask as Partial<
    Ask<"rows_in_reference"> & Ask<"probe">
  >;
  const reference = NAMELESS.has(route) ? [reference_run, reference_tag] : [];
  return JSON.stringify([run, tag, text, ...reference]);
}

/** Returns whether a question is the same as one before, about more rows than the page held then. */
function grows(before: string | null, key: string): boolean {
  const at = key.lastIndexOf("@");
  return before !== null && before !== key && before.startsWith(key.slice(0, at + 1)) && at >= 0;
}

/**
 * Returns whether the table waits for an answer. It lists rows that came to be held at once; the map,
 * which takes longer, gets them when no more have come for a while.
 */
function isForTable(name: SlotName): boolean {
  return ["tokens", "frequency", "drift"].includes(name) || name.startsWith("column ");
}

function isAboutTheLog({ status }: Failure): boolean {
  return status === 404 || status === 0;
}

/** Returns whether the same question may be answered later, or after the user changes it. */
function canBeMended({ status }: Failure): boolean {
  return status === null || status === 400;
}

/** Says what went wrong, in the words of the server where there are any. */
function failureOf(error: unknown): Failure {
  if (error instanceof RequestFailed) return { status: error.status, message: error.message };
  return { status: 0, message: error instanceof Error ? error.message : String(error) };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
