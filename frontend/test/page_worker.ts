/** Does the work of the search worker in the page: the tests have no workers. */

import { serve, type WorkerScope } from "../src/search/search_service";
import type { FromWorker, ToWorker } from "../src/search/worker_messages";

export class PageWorker {
  onmessage: ((event: { data: FromWorker }) => void) | null = null;
  private readonly scope: WorkerScope = {
    onmessage: null,
    postMessage: (data) => queueMicrotask(() => this.onmessage?.({ data })),
  };

  constructor(url: URL) {
    if (!url.pathname.includes("search_worker")) throw new Error(`There is no worker ${url}.`);
    serve(this.scope);
  }

  postMessage(data: ToWorker): void {
    queueMicrotask(() => this.scope.onmessage?.({ data } as MessageEvent<ToWorker>));
  }

  terminate(): void {
    this.scope.onmessage = null;
    this.onmessage = null;
  }
}
