/** Completes a filter that is being typed: columns, operators and the values of a column. */

import { nameIn, textIn } from "./conditions";
import { type Lexeme, lexemesBefore } from "./lexer";
import { type Columns, isReserved } from "./parse_filter";

export interface Completions {
  /** Where the word that is being typed begins. */
  readonly from: number;
  /** What may stand there, the likeliest first. */
  readonly items: readonly string[];
}

const MOST = 8;
const OPERATORS = {
  number: [">", "<", ">=", "<=", "=", "!="],
  text: ["=", "!=", "contains", "starts", "ends", "in ("],
} as const;
const JOINS = ["and", "or"] as const;
const COMPARISONS: ReadonlySet<string> = new Set(["=", "!=", "<", "<=", ">", ">="]);
const PARTS: ReadonlySet<string> = new Set(["contains", "starts", "ends", "in"]);
const NEGATION = "not";

/** What may follow: a column, an operator on it, a value of it, or another condition. */
interface Place {
  readonly expects: "column" | "operator" | "value" | "join";
  readonly column: ReturnType<Columns["find"]>;
}

const START: Place = { expects: "column", column: null };

/**
 * Returns what may stand at the end of a text, which is the part of a filter before the cursor.
 *
 * @param valuesOf returns the values of a column of texts by its id, the most frequent first
 */
export function completionsOf(
  text: string,
  columns: Columns,
  valuesOf: (id: string) => readonly string[],
): Completions {
  const { lexemes, open } = lexemesBefore(text);
  const last = lexemes.at(-1);
  const isTyped = !open && last?.kind === "name" && last.at + last.value.length === text.length;
  const typed = open ?? (isTyped && last ? last : { value: "", at: text.length });
  const place = (isTyped ? lexemes.slice(0, -1) : lexemes).reduce(
    (before, lexeme) => after(before, lexeme, columns),
    START,
  );
  // After a whole condition there may be another one, but it may well be the end.
  const isWhole = place.expects === "join" && typed.value === "" && !/\s$/.test(text);
  const { expects, column } = place;
  if (expects === "value") {
    const values = column?.kind === "text" ? valuesOf(column.id) : [];
    return { from: typed.at, items: matching(values, typed.value).map(textIn) };
  }
  const found = matching(isWhole ? [] : wordsAt(place, columns), typed.value);
  const isThere = found.length === 1 && found[0]?.toLowerCase() === typed.value.toLowerCase();
  return { from: typed.at, items: isThere ? [] : found };
}

function after(place: Place, { kind, value }: Lexeme, columns: Columns): Place {
  const { expects, column } = place;
  const word = kind === "name" ? value.toLowerCase() : value;
  if (kind === "number" || kind === "text") return { expects: "join", column };
  if (kind === "sign" && word === ")") return { expects: "join", column };
  if (kind === "sign" && (word === "," || (word === "(" && expects === "value"))) {
    return { expects: "value", column };
  }
  if (COMPARISONS.has(word) || PARTS.has(word)) return { expects: "value", column };
  const isColumn = kind === "column" || (kind === "name" && !isReserved(word));
  if (!isColumn) return START;
  if (expects === "value") return { expects: "join", column };
  return { expects: "operator", column: columns.find(value, kind === "column") };
}

function wordsAt({ expects, column }: Place, { names }: Columns): readonly string[] {
  if (expects === "column") return [...names.map(nameIn), NEGATION];
  if (expects === "join") return JOINS;
  return column ? OPERATORS[column.kind] : [];
}

/** Returns the items that begin with what is typed, and then those that contain it. */
function matching(items: readonly string[], typed: string): string[] {
  const wanted = typed.toLowerCase();
  const begin: string[] = [];
  const contain: string[] = [];
  for (const item of items) {
    const at = item.toLowerCase().indexOf(wanted);
    // A quote may stand before it.
    if (at >= 0) (at <= 1 ? begin : contain).push(item);
    if (begin.length >= MOST) break;
  }
  return [...begin, ...contain].slice(0, MOST);
}
