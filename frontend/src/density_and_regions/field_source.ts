/** Has a worker compute fields; the newest question wins. */

import { type Fields, type FieldsAsk, fieldsOf } from "./compute_fields";
import type { FromWorker, ToWorker } from "./field_worker";
import type { Ground } from "./regions";

/** What computes fields, and hands them over when they are done. */
export interface FieldSource {
  ask(ground: Ground, ask: FieldsAsk, done: (fields: Fields) => void): void;
  dispose(): void;
}

/** Computes fields at once, for pictures: each of them must show its own. */
export const AT_ONCE: FieldSource = {
  ask: (ground, ask, done) => done(fieldsOf(ground, ask)),
  dispose: () => undefined,
};

interface Task {
  readonly ground: Ground;
  readonly ask: FieldsAsk;
  readonly done: (fields: Fields) => void;
}

/** Computes fields in a worker, one after the other: of those that wait, only the newest. */
export class FieldWorker implements FieldSource {
  private worker: Worker | null = null;
  private isBroken = false;
  private running: Task | null = null;
  private waiting: Task | null = null;
  /** What the worker holds. */
  private given: Ground | null = null;
  private sent = 0;

  ask(ground: Ground, ask: FieldsAsk, done: (fields: Fields) => void): void {
    this.waiting = { ground, ask, done };
    if (this.running === null) this.next();
  }

  dispose(): void {
    this.worker?.terminate();
    this.worker = null;
    this.running = null;
    this.waiting = null;
  }

  private next(): void {
    const task = this.waiting;
    this.running = task;
    this.waiting = null;
    if (task === null) return;
    const worker = this.worker ?? this.start();
    if (worker === null) {
      this.finish(fieldsOf(task.ground, task.ask));
      return;
    }
    const { ask, ground } = task;
    const copied = copyOfNew(ground, this.given);
    this.given = ground;
    const buffers = Object.values(copied).flatMap((array) => array?.buffer ?? []);
    worker.postMessage({ id: ++this.sent, ground: copied, ask } satisfies ToWorker, buffers);
  }

  private finish(fields: Fields): void {
    const { running } = this;
    this.running = null;
    running?.done(fields);
    this.next();
  }

  /** Starts the worker; null where there can't be one, as in a page that is a file. */
  private start(): Worker | null {
    if (this.isBroken) return null;
    const worker = newWorker();
    this.isBroken = worker === null;
    if (worker === null) return null;
    this.given = null;
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.id === this.sent) this.finish(data.fields);
    };
    // Without a worker, the page does the work itself, more slowly.
    worker.onerror = () => {
      this.isBroken = true;
      this.worker = null;
      if (this.running) this.finish(fieldsOf(this.running.ground, this.running.ask));
    };
    this.worker = worker;
    return worker;
  }
}

function newWorker(): Worker | null {
  try {
    return new Worker(new URL("./field_worker.ts", import.meta.url), { type: "module" });
  } catch {
    return null;
  }
}

/** Copies what is new, as the map goes on with its own: while playing, only where the points are. */
function copyOfNew(ground: Ground, given: Ground | null): Partial<Ground> {
  const all = Object.entries(ground) as [keyof Ground, Ground[keyof Ground]][];
  const others = all.filter(([name, array]) => given?.[name] !== array);
  return Object.fromEntries(others.map(([name, array]) => [name, array?.slice() ?? null]));
}
