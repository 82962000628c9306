import type { Found } from "./vocabulary";

/** To the worker: tokens to search from now on, or a search. One text and lengths travel
 * several times as fast as a list of a million. */
export type ToWorker =
  | { kind: "tokens"; text: string; lengths: Uint32Array }
  | { kind: "search"; id: number; query: string };

/** From the worker: what a search found, or null while it goes on. */
export interface FromWorker {
  id: number;
  found: Found | null;
}

export function packed(tokens: readonly string[]): ToWorker & { kind: "tokens" } {
  const lengths = new Uint32Array(tokens.length);
  for (let row = 0; row < lengths.length; row++) lengths[row] = tokens[row]?.length ?? 0;
  return { kind: "tokens", text: tokens.join(""), lengths };
}

export function unpacked({ text, lengths }: { text: string; lengths: Uint32Array }): string[] {
  let start = 0;
  return Array.from(lengths, (length) => {
    start += length;
    return text.slice(start - length, start);
  });
}
