/** Computes fields in a worker. */

import { type Fields, type FieldsAsk, fieldsOf } from "./compute_fields";
import type { Ground } from "./regions";

export interface ToWorker {
  readonly id: number;
  /** The parts that differ from those sent before. */
  readonly ground: Partial<Ground>;
  readonly ask: FieldsAsk;
}

export interface FromWorker {
  readonly id: number;
  readonly fields: Fields;
}

let known: Partial<Ground> = {};

self.onmessage = ({ data: { id, ground, ask } }: MessageEvent<ToWorker>) => {
  known = { ...known, ...ground };
  // The first message has all of it.
  self.postMessage({ id, fields: fieldsOf(known as Ground, ask) } satisfies FromWorker);
};
