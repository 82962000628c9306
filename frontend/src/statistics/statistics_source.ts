/** Computes the statistics of large answers in a worker before the page gets them. */

import type { Answer, Ask, DataSource, RouteName } from "../api/data_source";
import { AskedWorker } from "../util/asked_worker";
import { type DriftStatistics, hasStatistics, keepStatistics } from "./drift_statistics";

/** Fewer rows than these take less time than it takes to send them to a worker and back. */
const MANY = 100_000;

export class StatisticsSource implements DataSource {
  private readonly worker = new AskedWorker<Float32Array, DriftStatistics>(
    () => new Worker(new URL("./statistics_worker.ts", import.meta.url), { type: "module" }),
  );

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
    if (values.length < MANY || hasStatistics(values)) return;
    // The worker gets a copy, because the page goes on with the values.
    const copy = values.slice();
    const found = await this.worker.ask(copy, [copy.buffer]);
    if (found) keepStatistics(values, found);
  }
}
