/** Keeps answers of the server in memory and asks equal questions only once. */

import {
  type Answer,
  type Ask,
  type DataSource,
  jobOf,
  type ProjectorSource,
  queryOf,
  type RouteName,
} from "./data_source";

interface Entry {
  answer: unknown;
  bytes: number;
}

interface Flight {
  answer: Promise<unknown>;
  controller: AbortController;
  waiting: number;
}

/** Asked in order to learn what is new, or to do something. */
const NEVER_KEPT: ReadonlySet<RouteName> = new Set<RouteName>(["index", "cancel"]);

/**
 * Keeps answers up to a number of bytes, the least recently used leaving first. A question on
 * its way is given up when nobody waits for it any more. The index is never kept, as it is asked
 * for in order to learn what is new.
 */
export class CachedSource implements DataSource {
  private entries = new Map<string, Entry>();
  private flights = new Map<string, Flight>();
  private bytes = 0;

  constructor(
    private readonly inner: DataSource,
    private readonly maxBytes = 256 * 2 ** 20,
  ) {}

  get projector(): ProjectorSource | undefined {
    return this.inner.projector;
  }

  async get<K extends RouteName>(route: K, ask: Ask<K>, signal?: AbortSignal): Promise<Answer<K>> {
    if (NEVER_KEPT.has(route)) return this.inner.get(route, ask, signal);
    const key = `${route}?${queryOf(ask)}`;
    const kept = this.entries.get(key);
    if (kept) {
      this.entries.delete(key);
      this.entries.set(key, kept);
      return kept.answer as Answer<K>;
    }
    const flight = this.flights.get(key) ?? this.launch(key, route, ask);
    flight.waiting++;
    const leave = () => {
      if (--flight.waiting > 0) return;
      if (this.flights.get(key) === flight) this.flights.delete(key);
      flight.controller.abort();
    };
    signal?.addEventListener("abort", leave, { once: true });
    try {
      return (await flight.answer) as Answer<K>;
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  }

  /** Asks ahead of need. A failure is left for the real request to report. */
  prefetch<K extends RouteName>(route: K, ask: Ask<K>): void {
    const key = `${route}?${queryOf(ask)}`;
    if (this.entries.has(key) || this.flights.has(key)) return;
    const flight = this.launch(key, route, ask);
    flight.waiting++;
    flight.answer.catch(() => undefined);
  }

  /** Forgets everything; what is on its way is not kept when it arrives. */
  clear(): void {
    this.entries = new Map();
    this.flights = new Map();
    this.bytes = 0;
  }

  private launch<K extends RouteName>(key: string, route: K, ask: Ask<K>): Flight {
    const controller = new AbortController();
    const { flights } = this;
    const answer = this.inner.get(route, ask, controller.signal);
    const flight = { answer, controller, waiting: 0 };
    flights.set(key, flight);
    answer.then(
      (value) => {
        const job = jobOf(value);
        const isWhole = job === null || job.state === "done";
        if (flights === this.flights && isWhole) this.keep(key, value);
        flights.delete(key);
      },
      () => {
        if (flights.get(key) === flight) flights.delete(key);
      },
    );
    return flight;
  }

  private keep(key: string, answer: unknown): void {
    const bytes = sizeOf(answer);
    this.bytes += bytes - (this.entries.get(key)?.bytes ?? 0);
    this.entries.set(key, { answer, bytes });
    for (const [oldest, { bytes: freed }] of this.entries) {
      if (this.bytes <= this.maxBytes || oldest === key) break;
      this.entries.delete(oldest);
      this.bytes -= freed;
    }
  }
}

/** Roughly the bytes that an answer holds in memory. */
export function sizeOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === "string") return 16 + 2 * value.length;
  if (Array.isArray(value)) {
    // Long lists are uniform: measuring some is enough.
    const some = value.slice(0, 100).reduce((sum: number, item) => sum + sizeOf(item), 0);
    return value.length <= 100 ? some : (some / 100) * value.length;
  }
  if (value !== null && typeof value === "object") {
    return Object.values(value).reduce((sum: number, item) => sum + sizeOf(item), 16);
  }
  return 8;
}
