/** Defines the messages between the page and the search worker. */

import type { Found } from "./vocabulary_search";

/** To the worker: tokens to search from now on, part by part, or a search. One text and
 * lengths travel several times as fast as a list of a million. */
export type ToWorker =
  | { kind: "tokens"; first: boolean; text: string; lengths: Uint32Array }
  | { kind: "search"; id: number; query: string; guesses: boolean };

/** From the worker: what a search found, or null while it goes on. */
export interface FromWorker {
  id: number;
  found: Found | null;
}

/** How many tokens are packed and sent at a time: the page goes on between the parts. */
export const PART = 100_000;

/**
 * Yields the tokens, part by part; at least one part, so that the tokens before are forgotten.
 *
 * @param sent how many of them are not forgotten, as they were sent before
 */
export function* packed(
  tokens: readonly string[],
  sent = 0,
): Generator<ToWorker & { kind: "tokens" }> {
  for (let start = sent; start === 0 || start < tokens.length; start += PART) {
    const part = tokens.slice(start, start + PART);
    const lengths = Uint32Array.from(part, (token) => token.length);
    yield { kind: "tokens", first: start === 0, text: part.join(""), lengths };
  }
}

export function unpacked({ text, lengths }: { text: string; lengths: Uint32Array }): string[] {
  let start = 0;
  return Array.from(lengths, (length) => {
    start += length;
    return text.slice(start - length, start);
  });
}
