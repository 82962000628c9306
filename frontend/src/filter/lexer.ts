/** Splits the text of a filter into names, numbers, texts and operators. */

import { FilterError } from "./filter_error";

/** A word of an expression, and where it starts. */
export type Lexeme =
  | { kind: "number"; value: number; at: number }
  | { kind: "text"; value: string; at: number }
  /** A column named in backticks means a logged one, whatever else has its name. */
  | { kind: "name"; value: string; quoted: boolean; at: number }
  | { kind: "sign"; value: string; at: number }
  | { kind: "end"; value: ""; at: number };

const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const SIGN = /<=|>=|!=|==|[=<>()+\-*/,]/y;
const SPACE = /\s+/y;
const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", "“": "”", "`": "`" };

export function lexemesOf(source: string): Lexeme[] {
  const tokens: Lexeme[] = [];
  for (let at = skip(source, 0); at < source.length; ) {
    const [token, end] = tokenAt(source, at);
    tokens.push(token);
    at = skip(source, end);
  }
  tokens.push({ kind: "end", value: "", at: source.length });
  return tokens;
}

function skip(source: string, at: number): number {
  return at + (match(SPACE, source, at)?.length ?? 0);
}

function tokenAt(source: string, at: number): [Lexeme, number] {
  const opening = source[at] ?? "";
  const closing = CLOSING[opening];
  if (closing) return quotedAt(source, at, opening, closing);
  const number = match(NUMBER, source, at);
  if (number) return [{ kind: "number", value: Number(number), at }, at + number.length];
  const name = match(NAME, source, at);
  if (name) return [{ kind: "name", value: name, quoted: false, at }, at + name.length];
  const sign = match(SIGN, source, at);
  if (sign) return [{ kind: "sign", value: sign === "==" ? "=" : sign, at }, at + sign.length];
  const letter = String.fromCodePoint(source.codePointAt(at) ?? 0);
  throw new FilterError({ kind: "letter", letter }, at);
}

/** Within quotes, a backslash stands before a quote or a backslash. */
function quotedAt(source: string, at: number, opening: string, closing: string): [Lexeme, number] {
  let value = "";
  for (let end = at + 1; end < source.length; end++) {
    const letter = source[end] ?? "";
    if (letter === closing) {
      const token: Lexeme =
        opening === "`" ? { kind: "name", value, quoted: true, at } : { kind: "text", value, at };
      return [token, end + 1];
    }
    const next = source[end + 1];
    if (letter === "\\" && (next === closing || next === "\\")) end++;
    value += source[end] ?? "";
  }
  throw new FilterError({ kind: "unclosed", sign: opening }, at);
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}
