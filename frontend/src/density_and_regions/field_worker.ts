/** Computes fields in a worker. */

import { answerAll } from "../util/asked_worker";
import { type Fields, type FieldsAsk, fieldsOf } from "./compute_fields";
import type { Ground } from "./regions";

export interface FieldsQuestion {
  /** The parts that differ from those sent before; all of them in the first question. */
  readonly ground: Partial<Ground>;
  readonly ask: FieldsAsk;
}

let known: Partial<Ground> = {};

answerAll(({ ground, ask }: FieldsQuestion): Fields => {
  known = { ...known, ...ground };
  return fieldsOf(known as Ground, ask);
});
