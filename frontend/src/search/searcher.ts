import { type FromWorker, packed } from "./messages";
import { type Found, searchAtOnce, Vocabulary } from "./vocabulary";

export type Outcome = Found | "too slow";

/** Searches tokens; only the newest search is answered. */
export interface Searcher {
  search(tokens: readonly string[], query: string, done: (outcome: Outcome) => void): void;
  dispose(): void;
}

/** In a worker where there are any, else in the page. */
export function makeSearcher(): Searcher {
  return typeof Worker === "undefined" ? new PageSearcher() : new WorkerSearcher();
}

/** Where there are no workers. */
export class PageSearcher implements Searcher {
  private tokens: readonly string[] | null = null;
  private vocabulary = new Vocabulary([]);

  search(tokens: readonly string[], query: string, done: (outcome: Outcome) => void): void {
    if (tokens !== this.tokens) this.vocabulary = new Vocabulary(tokens);
    this.tokens = tokens;
    done(searchAtOnce(this.vocabulary, query));
  }

  dispose(): void {
    this.tokens = null;
  }
}

/** A regular expression can take forever on one token: nothing but ending the worker helps. */
const SILENT_MS = 3000;

class WorkerSearcher implements Searcher {
  private worker: Worker | null = null;
  private tokens: readonly string[] | null = null;
  private id = 0;
  private busy = false;
  private query = "";
  private silence: ReturnType<typeof setTimeout> | undefined;

  search(tokens: readonly string[], query: string, done: (outcome: Outcome) => void): void {
    const id = ++this.id;
    // Nobody waits for an expression that is being typed on.
    if (this.busy && this.query.trim().startsWith("/")) this.end();
    this.query = query;
    this.busy = true;
    const worker = this.worker ?? this.start();
    if (tokens !== this.tokens) {
      const message = packed(tokens);
      worker.postMessage(message, [message.lengths.buffer]);
      this.tokens = tokens;
    }
    this.listen(done);
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.id !== id) return;
      if (data.found === null) this.listen(done);
      else {
        this.busy = false;
        clearTimeout(this.silence);
        done(data.found);
      }
    };
    worker.postMessage({ kind: "search", id, query });
  }

  dispose(): void {
    this.end();
  }

  private listen(done: (outcome: Outcome) => void): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.end();
      done("too slow");
    }, SILENT_MS);
  }

  private start(): Worker {
    this.worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    return this.worker;
  }

  private end(): void {
    clearTimeout(this.silence);
    this.worker?.terminate();
    this.worker = null;
    this.tokens = null;
    this.busy = false;
  }
}
