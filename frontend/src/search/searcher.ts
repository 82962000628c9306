/** Has a worker search the tokens. */

import type { Found } from "./vocabulary_search";
import { type FromWorker, packed } from "./worker_messages";

export type Outcome = Found | "too slow";

/** A regular expression can take forever on one token: nothing but ending the worker helps. */
const SILENT_MS = 3000;

/** What a worker was sent, or is being sent. */
interface Given {
  readonly tokens: readonly string[];
  sent: Promise<void>;
  isSent: boolean;
}

/** Starts the worker of a page that a server serves, from a file beside the page's. */
export const servedWorker = (): Worker =>
  new Worker(new URL("./search_worker.ts", import.meta.url), { type: "module" });

/** Searches tokens; only the newest search is answered. */
export class Searcher {
  private worker: Worker | null = null;
  private given: Given | null = null;
  private id = 0;
  private busy = false;
  private query = "";
  private silence: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly startWorker: () => Worker) {}

  /** Searches for a query; `guesses` asks for words that are spelled alike where nothing matches. */
  search(
    tokens: readonly string[],
    query: string,
    done: (outcome: Outcome) => void,
    guesses = true,
  ): void {
    const id = ++this.id;
    // Nobody waits for an expression that is being typed on.
    if (this.busy && this.query.trim().startsWith("/")) this.end();
    const worker = this.worker ?? this.startWorker();
    this.worker = worker;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.id !== id) return;
      if (data.found === null) this.listen(done);
      else {
        this.busy = false;
        clearTimeout(this.silence);
        done(data.found);
      }
    };
    void this.give(worker, tokens).then(() => {
      if (id !== this.id || worker !== this.worker) return;
      this.query = query;
      this.busy = true;
      this.listen(done);
      worker.postMessage({ kind: "search", id, query, guesses });
    });
  }

  /** Sends the tokens to the worker, unless it has them; resolves when they are sent. */
  private give(worker: Worker, tokens: readonly string[]): Promise<void> {
    if (this.given?.tokens !== tokens) {
      const before = this.given?.isSent ? this.given.tokens : [];
      // The page gets more and more rows of a large table.
      const kept = before.every((token, row) => token === tokens[row]) ? before.length : 0;
      const given: Given = { tokens, sent: Promise.resolve(), isSent: false };
      this.given = given;
      given.sent = this.send(worker, given, kept);
    }
    return this.given.sent;
  }

  private async send(worker: Worker, given: Given, kept: number): Promise<void> {
    let isFirst = true;
    for (const part of packed(given.tokens, kept)) {
      if (!isFirst) await new Promise((resolve) => setTimeout(resolve));
      if (this.given !== given) return;
      isFirst = false;
      worker.postMessage(part, [part.lengths.buffer]);
    }
    given.isSent = true;
  }

  private listen(done: (outcome: Outcome) => void): void {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => {
      this.end();
      done("too slow");
    }, SILENT_MS);
  }

  /** Ends the worker; the next search starts another. */
  private end(): void {
    clearTimeout(this.silence);
    this.worker?.terminate();
    this.worker = null;
    this.given = null;
    this.busy = false;
  }
}
