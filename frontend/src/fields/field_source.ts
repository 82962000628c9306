/** Has a worker compute fields; the newest question wins. */

import type { FromWorker, ToWorker } from "./field_worker";
import { type Fields, type FieldsAsk, fieldsOf, type Ground } from "./fields";

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
    const { given } = this;
    const isKnown =
      given?.points === ground.points &&
      given.before === ground.before &&
      given.drawn === ground.drawn &&
      given.frequency === ground.frequency;
    this.given = ground;
    // Copies: the map goes on with its own.
    const copied = isKnown ? null : copyOf(ground);
    const buffers = Object.values(copied ?? {}).flatMap((array) => array?.buffer ?? []);
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
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data.id === this.sent) this.finish(data.fields);
    };
    // The page can do it as well, only later: nobody is to wait for a worker that is not there.
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

function copyOf({ points, before, drawn, frequency }: Ground) {
  return {
    points: points.slice(),
    before: before?.slice() ?? null,
    drawn: drawn?.slice() ?? null,
    frequency: frequency?.slice() ?? null,
  };
}
