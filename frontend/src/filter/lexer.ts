/** Splits the text of a filter into names, numbers, texts and operators. */

import { FilterError } from "./filter_error";

/** A word of a filter, and where it starts. */
export interface Lexeme {
  /** A "column" is named in backticks: a logged one, whatever else has its name. */
  readonly kind: "number" | "name" | "sign" | "text" | "column" | "end";
  readonly value: string;
  readonly at: number;
}

const SPACE = /\s*/y;
const PATTERNS = {
  number: /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y,
  name: /[\p{L}_][\p{L}\p{N}_]*/uy,
  sign: /<=|>=|!=|==|[=<>()+\-*/,]/y,
} as const;
const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", "“": "”", "`": "`" };

export function lexemesOf(source: string): Lexeme[] {
  const lexemes: Lexeme[] = [];
  for (let at = endOf(SPACE, source, 0); at < source.length; ) {
    const [lexeme, end] = quotedAt(source, at) ?? plainAt(source, at);
    lexemes.push(lexeme);
    at = endOf(SPACE, source, end);
  }
  lexemes.push({ kind: "end", value: "", at: source.length });
  return lexemes;
}

/** Returns the lexemes of a text that may stop anywhere, and what follows a quote that is not closed. */
export function lexemesBefore(text: string): {
  readonly lexemes: readonly Lexeme[];
  readonly open: Pick<Lexeme, "value" | "at"> | null;
} {
  try {
    return { lexemes: lexemesOf(text).slice(0, -1), open: null };
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    const { at, problem } = error;
    const { lexemes } = lexemesBefore(text.slice(0, at));
    return {
      lexemes,
      open: problem.kind === "unclosed" ? { value: text.slice(at + 1), at } : null,
    };
  }
}

function plainAt(source: string, at: number): [Lexeme, end: number] {
  for (const kind of ["number", "name", "sign"] as const) {
    const end = endOf(PATTERNS[kind], source, at);
    const value = source.slice(at, end);
    if (value) return [{ kind, value: value === "==" ? "=" : value, at }, end];
  }
  const letter = String.fromCodePoint(source.codePointAt(at) ?? 0);
  throw new FilterError({ kind: "letter", letter }, at);
}

/** Reads a quoted text, in which a backslash stands before a quote or a backslash. */
function quotedAt(source: string, at: number): [Lexeme, end: number] | null {
  const sign = source[at] ?? "";
  const closing = CLOSING[sign];
  if (!closing) return null;
  let value = "";
  for (let end = at + 1; end < source.length; end++) {
    if (source[end] === closing) {
      return [{ kind: sign === "`" ? "column" : "text", value, at }, end + 1];
    }
    const next = source[end + 1];
    if (source[end] === "\\" && (next === closing || next === "\\")) end++;
    value += source[end] ?? "";
  }
  throw new FilterError({ kind: "unclosed", sign }, at);
}

/** Returns where the match of a pattern at a place ends; that place if there is no match. */
function endOf(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(source)?.[0].length ?? 0);
}
