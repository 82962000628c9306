/** Keeps answers of the server in memory and asks equal questions only once. */

import { type Answer, type DataSource, jobOf, type Question, type RouteName } from "./data_source";

interface Entry {
  answer: unknown;
  bytes: number;
}

interface Flight {
  answer: Promise<unknown>;
  controller: AbortController;
  waiting: number;
}

/** Routes that are asked in order to learn what is new, or to do something. */
const NEVER_KEPT: ReadonlySet<RouteName> = new Set<RouteName>(["index", "cancel"]);

/**
 * A cache of answers that holds a number of bytes; the least recently used leave first. A question
 * on its way is given up when nobody waits for it any more.
 */
export class CachedSource {
  private readonly entries = new Map<string, Entry>();
  private readonly flights = new Map<string, Flight>();
  private bytes = 0;

  constructor(
    private readonly source: DataSource,
    private readonly maxBytes = 256 * 2 ** 20,
  ) {}

  /** Rejects as `DataSource.get` does. */
  async get<R extends RouteName>(question: Question<R>, signal?: AbortSignal): Promise<Answer<R>> {
    const { key } = question;
    const kept = this.entries.get(key);
    if (kept) {
      this.entries.delete(key);
      this.entries.set(key, kept);
      return kept.answer as Answer<R>;
    }
    // An answer that is on its way may be older than what is asked for.
    const isShared = !NEVER_KEPT.has(question.route);
    const flight = (isShared && this.flights.get(key)) || this.launch(question);
    flight.waiting++;
    const leave = () => {
      if (--flight.waiting > 0) return;
      this.land(key, flight);
      flight.controller.abort();
    };
    signal?.addEventListener("abort", leave, { once: true });
    return flight.answer as Promise<Answer<R>>;
  }

  private launch({ route, ask, key }: Question): Flight {
    const controller = new AbortController();
    const answer = this.source.get(route, ask, controller.signal);
    const flight = { answer, controller, waiting: 0 };
    this.flights.set(key, flight);
    answer.then(
      (value) => {
        this.land(key, flight);
        const job = jobOf(value);
        const isWhole = job === null || job.state === "done";
        if (isWhole && !NEVER_KEPT.has(route)) this.keep(key, value);
      },
      () => this.land(key, flight),
    );
    return flight;
  }

  private land(key: string, flight: Flight): void {
    if (this.flights.get(key) === flight) this.flights.delete(key);
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

/** Returns about how many bytes of memory an answer takes. */
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
