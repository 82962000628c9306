/** Computes fields in a worker. */

import { type Fields, type FieldsAsk, fieldsOf, type Ground } from "./fields";

export interface ToWorker {
  readonly id: number;
  /** null where it is the same as before. */
  readonly ground: Ground | null;
  readonly ask: FieldsAsk;
}

export interface FromWorker {
  readonly id: number;
  readonly fields: Fields;
}

let known: Ground | null = null;

self.onmessage = ({ data: { id, ground, ask } }: MessageEvent<ToWorker>) => {
  known = ground ?? known;
  if (known === null) return;
  self.postMessage({ id, fields: fieldsOf(known, ask) } satisfies FromWorker);
};
