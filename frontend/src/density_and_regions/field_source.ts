/** Has a worker compute fields; the newest question wins. */

import { AskedWorker } from "../util/asked_worker";
import { type Fields, type FieldsAsk, fieldsOf } from "./compute_fields";
import type { FieldsQuestion } from "./field_worker";
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
  private readonly worker = new AskedWorker<FieldsQuestion, Fields>(
    () => new Worker(new URL("./field_worker.ts", import.meta.url), { type: "module" }),
  );
  private waiting: Task | null = null;
  private isRunning = false;
  /** What the worker holds. */
  private given: Ground | null = null;

  ask(ground: Ground, ask: FieldsAsk, done: (fields: Fields) => void): void {
    this.waiting = { ground, ask, done };
    if (!this.isRunning) void this.run();
  }

  dispose(): void {
    this.worker.end();
    this.waiting = null;
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    try {
      while (this.waiting) {
        const { ground, ask, done } = this.waiting;
        this.waiting = null;
        const copied = copyOfNew(ground, this.given);
        this.given = ground;
        const buffers = Object.values(copied).flatMap((array) => array?.buffer ?? []);
        const found = await this.worker.ask({ ground: copied, ask }, buffers);
        done(found ?? fieldsOf(ground, ask));
      }
    } finally {
      this.isRunning = false;
    }
  }
}

/** Copies what is new, as the map goes on with its own: while playing, only where the points are. */
function copyOfNew(ground: Ground, given: Ground | null): Partial<Ground> {
  const all = Object.entries(ground) as [keyof Ground, Ground[keyof Ground]][];
  const others = all.filter(([name, array]) => given?.[name] !== array);
  return Object.fromEntries(others.map(([name, array]) => [name, array?.slice() ?? null]));
}
