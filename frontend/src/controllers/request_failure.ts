/** Turns the error of a request into what the page says about it. */

import { RequestFailed } from "../api/data_source";
import type { Failure } from "../state/state";

/** What is said of a question that was not answered. */
export function failureOf(error: unknown): Failure {
  if (error instanceof RequestFailed) return { status: error.status, message: error.message };
  return { status: 0, message: error instanceof Error ? error.message : String(error) };
}
