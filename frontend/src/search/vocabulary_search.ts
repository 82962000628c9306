/** Searches the tokens of a vocabulary for a query. */

import { cleanLabel } from "../util/label_text";
import { readableForms } from "./byte_level";
import { Nearest } from "./edit_distance";
import { isExpression, parseQuery, type Query } from "./parse_query";

/** What a search found among the tokens. */
export interface Found {
  /** 1 for each row that matches; null where nothing is asked for. */
  mask: Uint8Array | null;
  count: number;
  /** 1 for each of these rows whose token starts with the first word. */
  starts: Uint8Array | null;
  /** The first row that is the very word, letter case aside if it must be. */
  exact: number | null;
  /** Where no token matches, the rows of those spelled most alike. */
  nearest: readonly number[];
  /** Why the expression can't be searched for. */
  invalid: string | null;
  /** The sum of tokens that is asked for, where no token matches; the mask is null then. */
  expression: string | null;
}

export const ALL: Found = {
  mask: null,
  count: 0,
  starts: null,
  exact: null,
  nearest: [],
  invalid: null,
  expression: null,
};

const SLICE = 50_000;

/** What cleanLabel may replace: to test for it costs a fraction of replacing it. */
const SHOWN_OTHERWISE = /[\s\p{Cc}\p{Cf}\p{Cs}]|\p{M}{4}/u;

/** Tokens that can be searched, in slices, so that a search can be given up. */
export class Vocabulary {
  private readonly tokens: string[] = [];
  private readonly lower: string[] = [];
  /** How tokens are shown, where that is otherwise: a line break as a space. */
  private readonly shown = new Map<number, string>();

  constructor(tokens: readonly string[] = []) {
    this.add(tokens);
  }

  add(tokens: readonly string[]): void {
    for (const token of tokens) {
      const row = this.tokens.push(token) - 1;
      this.lower.push(token.toLowerCase());
      if (token !== "" && !SHOWN_OTHERWISE.test(token)) continue;
      const shown = cleanLabel(token);
      if (shown !== token) this.shown.set(row, shown.toLowerCase());
    }
  }

  /**
   * Yields between slices; ends with what was found, also under the readable form of a byte-level token.
   *
   * @param guesses whether to look for tokens that are spelled alike where nothing is found
   */
  *searching(text: string, guesses = true): Generator<void, Found> {
    const found = yield* this.searchingFor(text, guesses);
    if (found.mask === null || found.count > 0) return found;
    for (const form of readableForms(text.trim())) {
      const other = yield* this.searchingFor(form, guesses);
      if (other.count > 0) return other;
    }
    return isExpression(text) ? { ...ALL, expression: text.trim() } : found;
  }

  private *searchingFor(text: string, guesses: boolean): Generator<void, Found> {
    const query = parseQuery(text);
    if (query.kind === "all") return ALL;
    const exact = this.exact(text) ?? this.exact(text.trim());
    if (query.kind === "invalid" && exact === null) return { ...ALL, invalid: query.reason };
    const mask = new Uint8Array(this.tokens.length);
    const starts = new Uint8Array(this.tokens.length);
    let count = 0;
    for (let start = 0; start < mask.length; start += SLICE) {
      if (start) yield;
      const end = Math.min(start + SLICE, mask.length);
      for (let row = start; row < end; row++) {
        if (row !== exact && !this.isMatch(query, row)) continue;
        mask[row] = 1;
        if (query.kind === "words" && query.starts(this.lower[row] ?? "")) starts[row] = 1;
        count++;
      }
    }
    const isMistyped = guesses && !count && query.kind === "words" && !isExpression(text);
    const nearest = isMistyped ? yield* this.nearestTo(query.wanted) : [];
    return { ...ALL, mask, count, starts, exact, nearest };
  }

  private isMatch(query: Query, row: number): boolean {
    if (query.kind === "regex") return query.matches(this.tokens[row] ?? "");
    if (query.kind !== "words") return false;
    const shown = this.shown.get(row);
    return query.matches(this.lower[row] ?? "") || (shown !== undefined && query.matches(shown));
  }

  private exact(word: string): number | null {
    const at = this.tokens.indexOf(word);
    if (at >= 0) return at;
    const small = word.toLowerCase();
    const found = this.lower.indexOf(small);
    if (found >= 0) return found;
    for (const [row, shown] of this.shown) if (shown === small) return row;
    return null;
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
