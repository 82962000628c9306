/** Computes the statistics of large answers in a worker before the page gets them. */

import type { Answer, Ask, DataSource, RouteName } from "../api/data_source";
import { type DriftStatistics, hasStatistics, keepStatistics } from "./drift_statistics";
import type { FromWorker, ToWorker } from "./statistics_worker";

/** Fewer rows than these take less time than it takes to send them to a worker and back. */
const MANY = 100_000;

export class StatisticsSource implements DataSource {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, (found: DriftStatistics | null) => void>();
  private sent = 0;
  private isBroken = false;

  constructor(private readonly inner: DataSource) {}

  get projector(): DataSource["projector"] {
    return this.inner.projector;
  }

  get files(): DataSource["files"] {
    return this.inner.files;
  }

  async get<K extends RouteName>(route: K, ask: Ask<K>, signal?: AbortSignal): Promise<Answer<K>> {
    const answer = await this.inner.get(route, ask, signal);
    if (route === "drift") await this.prepare((answer as Answer<"drift">).values);
    return answer;
  }

  private async prepare(values: Float32Array): Promise<void> {
    if (values.length < MANY || this.isBroken || hasStatistics(values)) return;
    const id = ++this.sent;
    const worker = this.worker ?? this.start();
    const found = await new Promise<DriftStatistics | null>((resolve) => {
      this.waiting.set(id, resolve);
      // The worker gets a copy, because the page goes on with the values.
      const copy = values.slice();
      worker.postMessage({ id, values: copy } satisfies ToWorker, [copy.buffer]);
    });
    if (found) keepStatistics(values, found);
  }

  private start(): Worker {
    const worker = new Worker(new URL("./statistics_worker.ts", import.meta.url), {
      type: "module",
    });
    worker.onmessage = ({ data: { id, found } }: MessageEvent<FromWorker>) => {
      this.waiting.get(id)?.(found);
      this.waiting.delete(id);
    };
    // Without a worker, the page does the work itself, more slowly.
    worker.onerror = () => {
      this.isBroken = true;
      for (const resolve of this.waiting.values()) resolve(null);
      this.waiting.clear();
    };
    this.worker = worker;
    return worker;
  }
}
