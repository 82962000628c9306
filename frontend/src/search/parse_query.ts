/** Parses the text of a search: plain words, `^start`, or `/regular expression/`. */

/** What a search asks for: `good` contains, `^un` starts with, `/ing$/` is a regular expression. */
export type Query =
  | { kind: "all" }
  /** Both functions take a token in small letters: all words occur in it; it starts with the first. */
  | {
      kind: "words";
      wanted: string;
      matches(small: string): boolean;
      starts(small: string): boolean;
    }
  | { kind: "regex"; matches(token: string): boolean }
  | { kind: "invalid"; reason: string };

/** Parses a query. Case is ignored, except in regular expressions without the flag i. */
export function parseQuery(text: string): Query {
  const trimmed = text.trim();
  if (!trimmed) return { kind: "all" };
  const [, source, flags] = /^\/(.+)\/([imsu]*)$/s.exec(trimmed) ?? [];
  if (source !== undefined) return regexOf(source, flags ?? "");
  const isStart = trimmed.startsWith("^") && trimmed.length > 1;
  const wanted = (isStart ? trimmed.slice(1) : trimmed).toLowerCase();
  const whole = trimmed.toLowerCase();
  const [first = "", ...others] = wanted.split(/\s+/);
  const hasOthers = (small: string) => others.every((word) => small.includes(word));
  const starts = (small: string) => small.replace(WORD_MARK, "").startsWith(first);
  const matches = isStart
    ? (small: string) => (small.startsWith(first) && hasOthers(small)) || small.includes(whole)
    : (small: string) => small.includes(first) && hasOthers(small);
  return { kind: "words", wanted, matches, starts };
}

/** What subword vocabularies put at the beginning of words, in small letters. */
const WORD_MARK = /^[\s\u0121\u2581]/;
const EXPRESSION = /\S\s+[+-](\s+\S|$)/;

/** Returns whether a text may be a sum of tokens, such as `king - man + woman`, or the start of one. */
export function isExpression(text: string): boolean {
  return EXPRESSION.test(text.trim());
}

function regexOf(source: string, flags: string): Query {
  for (const tried of new Set([flags.includes("u") ? flags : `${flags}u`, flags])) {
    try {
      const regex = new RegExp(source, tried);
      return { kind: "regex", matches: (token) => regex.test(token) };
    } catch (error) {
      // Reads code points first; what only the older rules accept is read by those.
      if (tried === flags) return { kind: "invalid", reason: reasonOf(error) };
    }
  }
  return { kind: "all" };
}

/** Returns the engine's words, without the expression, which the reader sees anyway. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(message.lastIndexOf(": ") + 1).trim();
}
