/** Searches the tokens of a vocabulary for a query. */

import { Nearest } from "./edit_distance";
import { parseQuery } from "./query";

/** What a search found among the tokens. */
export interface Found {
  /** 1 for each row that matches; null where nothing is asked for. */
  mask: Uint8Array | null;
  count: number;
  /** The first row that is the very word, letter case aside if it must be. */
  exact: number | null;
  /** Where no token matches, the rows of those spelled most alike. */
  nearest: readonly number[];
  /** Why the expression can't be searched for. */
  invalid: string | null;
}

export const ALL: Found = { mask: null, count: 0, exact: null, nearest: [], invalid: null };

const SLICE = 50_000;

/** Tokens that can be searched, in slices, so that a search can be given up. */
export class Vocabulary {
  private readonly lower: string[];

  constructor(private readonly tokens: readonly string[]) {
    this.lower = tokens.map((token) => token.toLowerCase());
  }

  /** Yields between slices; ends with what was found. */
  *searching(text: string): Generator<void, Found> {
    const query = parseQuery(text);
    if (query.kind === "all") return ALL;
    if (query.kind === "invalid") return { ...ALL, invalid: query.reason };
    const words = query.kind === "regex" ? this.tokens : this.lower;
    const mask = new Uint8Array(words.length);
    let count = 0;
    for (let start = 0; start < mask.length; start += SLICE) {
      if (start) yield;
      const end = Math.min(start + SLICE, mask.length);
      for (let row = start; row < end; row++) {
        if (!query.matches(words[row] ?? "")) continue;
        mask[row] = 1;
        count++;
      }
    }
    if (query.kind === "regex") return { ...ALL, mask, count };
    const nearest = count ? [] : yield* this.nearestTo(query.wanted);
    return { ...ALL, mask, count, exact: this.exact(text.trim()), nearest };
  }

  private exact(word: string): number | null {
    const at = this.tokens.indexOf(word);
    const found = at >= 0 ? at : this.lower.indexOf(word.toLowerCase());
    return found >= 0 ? found : null;
  }

  private *nearestTo(word: string): Generator<void, number[]> {
    const nearest = new Nearest(word);
    for (let row = 0; row < this.lower.length; row++) {
      if (row % SLICE === 0) yield;
      nearest.offer(row, this.lower[row] ?? "");
    }
    return nearest.rows;
  }
}
