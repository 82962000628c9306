/** Fetches what the standard Projector's page shows over HTTP, some of it ahead of need. */

import type { ProjectorSource, ProjectorTable } from "./data_source";
import { asked } from "./http_fetch";

/** The step after the one on screen, and the one before. */
const MOST_AHEAD = 2;

interface Fetched {
  table: Promise<ProjectorTable>;
  controller: AbortController;
}

export class HttpProjector implements ProjectorSource {
  private readonly fetched = new Map<string, Fetched>();

  constructor(private readonly base: URL) {}

  page(key: string): string {
    return this.url(key, "projector_binary.html").href;
  }

  async table(key: string, signal: AbortSignal): Promise<ProjectorTable> {
    const fetched = this.fetched.get(key);
    this.fetched.delete(key);
    // A prefetch that failed is tried once more, and the user sees how that ends.
    return fetched ? fetched.table.catch(() => this.fetch(key, signal)) : this.fetch(key, signal);
  }

  prefetch(key: string): void {
    if (this.fetched.has(key)) return;
    const controller = new AbortController();
    const table = this.fetch(key, controller.signal);
    table.catch(() => undefined);
    this.fetched.set(key, { table, controller });
    for (const [oldest, { controller: its }] of this.fetched) {
      if (this.fetched.size <= MOST_AHEAD) break;
      this.fetched.delete(oldest);
      its.abort();
    }
  }

  private async fetch(key: string, signal: AbortSignal): Promise<ProjectorTable> {
    const [numbers, columns] = await Promise.all([
      asked(this.url(key, "tensor"), signal).then((answer) => answer.arrayBuffer()),
      asked(this.url(key, "metadata"), signal).then((answer) => answer.text()),
    ]);
    return { numbers: new Float32Array(numbers), columns };
  }

  private url(key: string, name: string): URL {
    return new URL(`projector/${key}/${name}`, this.base);
  }
}
