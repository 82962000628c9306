/** Parses a filter of the table, such as `drift > 0.3 and class = "noun"`. */

import { FilterError, type Problem } from "./filter_error";
import {
  type Condition,
  type Expression,
  type Kind,
  OPERATORS,
  type Written,
} from "./filter_operators";
import { type Lexeme, lexemesBefore, lexemesOf } from "./lexer";

/** The column that a name means, if any; `logged` asks for those of the log only. */
export interface Columns {
  find(name: string, logged: boolean): { id: string; kind: "number" | "text" } | null;
  /** The names that are offered, the likeliest first. */
  readonly names: readonly string[];
}

const NOT_BINDING = 3;
const COMPARISON_BINDING = 4;
const SIGN_BINDING = 7;
/** How tightly operators bind; all others compare. */
const BINDING: Readonly<Record<string, number>> = { or: 1, and: 2, "+": 5, "-": 5, "*": 6, "/": 6 };
const NAMES: ReadonlySet<string> = new Set(["in", ...OPERATORS.map(({ name }) => name)]);
const MOST_DEEP = 200;

/** Returns whether a word means something else than a column. */
export const isReserved = (word: string) => NAMES.has(word.toLowerCase()) || /^not$/i.test(word);

/** Returns the ids of the columns that a text names, even if it is no filter yet. */
export function columnsNamedIn(source: string, columns: Columns): string[] {
  return lexemesBefore(source).lexemes.flatMap(({ kind, value }) => {
    const isName = kind === "column" || (kind === "name" && !isReserved(value));
    return (isName && columns.find(value, kind === "column")?.id) || [];
  });
}

/**
 * Parses a condition on the columns of a table:
 *
 *     or, and, not          between conditions
 *     = != < <= > >=        between numbers; = and != between texts, too
 *     contains, starts, ends    a text and a part of it, letter case aside
 *     in ("a", "b")         one of several
 *     + - * /  ( )          on numbers
 *
 * @throws FilterError where it is not a condition
 */
export function parseFilter(source: string, columns: Columns): Condition {
  return new Parser(lexemesOf(source), columns).whole();
}

class Parser {
  private next = 0;
  private depth = 0;
  private readonly ids: string[] = [];

  constructor(
    private readonly lexemes: readonly Lexeme[],
    private readonly columns: Columns,
  ) {}

  whole(): Condition {
    const start = this.peek();
    const expression = this.expression(0);
    if (this.peek().kind !== "end") throw unexpected(this.peek(), "end");
    if (expression.kind !== "condition") throw unexpected(start, "condition");
    return { columns: this.ids, expression };
  }

  private expression(binding: number): Expression {
    if (++this.depth > MOST_DEEP) throw new FilterError({ kind: "deep" }, this.peek().at);
    let left = this.operand();
    for (;;) {
      const operator = operatorOf(this.peek());
      const strength = BINDING[operator ?? ""] ?? COMPARISON_BINDING;
      if (operator === null || strength <= binding) break;
      const { at } = this.take();
      if (operator === "in") left = this.list(left, at);
      else left = combined(operator, left, this.expression(strength), at);
    }
    this.depth--;
    return left;
  }

  private operand(): Expression {
    if (this.takes("(")) {
      const inner = this.expression(0);
      if (!this.takes(")")) throw unexpected(this.peek(), ")");
      return inner;
    }
    const { at } = this.peek();
    if (this.takes("-")) {
      const zero = constant("number", 0);
      return combined("-", zero, this.expression(SIGN_BINDING), at);
    }
    const lexeme = this.take();
    const { kind, value } = lexeme;
    if (kind === "number") return constant("number", Number(value));
    if (kind === "text") return constant("text", value);
    if (kind === "name" && value.toLowerCase() === "not") return this.negated(lexeme);
    if (kind === "column" || (kind === "name" && operatorOf(lexeme) === null)) {
      return this.column(lexeme);
    }
    throw unexpected(lexeme, "value");
  }

  private negated(start: Lexeme): Expression {
    const negated = this.expression(NOT_BINDING);
    if (negated.kind !== "condition") throw unexpected(start, "condition");
    const of: Expression["of"] = (values) => {
      const meets = negated.of(values);
      return (row) => !meets(row);
    };
    return { kind: "condition", of, written: ["not", negated.written] };
  }

  private column({ kind, value: name, at }: Lexeme): Expression {
    const found = this.columns.find(name, kind === "column");
    if (!found) throw new FilterError({ kind: "column", name }, at);
    if (!this.ids.includes(found.id)) this.ids.push(found.id);
    const place = this.ids.indexOf(found.id);
    const unknown = found.kind === "number" ? Number.NaN : "";
    const of: Expression["of"] = (values) => {
      const { numbers, texts } = values[place] ?? {};
      const each = numbers ?? texts ?? [];
      return (row) => each[row] ?? unknown;
    };
    return { kind: found.kind, of, written: ["column", place] };
  }

  private list(left: Expression, at: number): Expression {
    if (!this.takes("(")) throw unexpected(this.peek(), "list");
    const list: Expression[] = [];
    do {
      const item = this.expression(COMPARISON_BINDING);
      if (item.kind !== left.kind) throw mismatch("in", left, item, at);
      list.push(item);
    } while (this.takes(","));
    if (!this.takes(")")) throw unexpected(this.peek(), ")");
    const of: Expression["of"] = (values) => {
      const wanted = left.of(values);
      const items = list.map((item) => item.of(values));
      return (row) => items.some((item) => item(row) === wanted(row));
    };
    const written: Written = ["in", left.written, ...list.map((item) => item.written)];
    return { kind: "condition", of, written };
  }

  private peek(): Lexeme {
    return this.lexemes[this.next] ?? { kind: "end", value: "", at: 0 };
  }

  private take(): Lexeme {
    const lexeme = this.peek();
    if (lexeme.kind !== "end") this.next++;
    return lexeme;
  }

  private takes(sign: string): boolean {
    const { kind, value } = this.peek();
    const isNext = kind === "sign" && value === sign;
    if (isNext) this.next++;
    return isNext;
  }
}

function operatorOf({ kind, value }: Lexeme): string | null {
  const name = kind === "sign" || kind === "name" ? value.toLowerCase() : "";
  return NAMES.has(name) ? name : null;
}

function constant(kind: Kind, value: number | string): Expression {
  return { kind, of: () => () => value, written: [kind, value] };
}

function combined(name: string, left: Expression, right: Expression, at: number): Expression {
  const found = OPERATORS.find((one) => one.name === name && one.takes === left.kind);
  if (!found || left.kind !== right.kind) throw mismatch(name, left, right, at);
  return {
    kind: found.gives,
    of: (values) => found.make(left.of(values), right.of(values)),
    written: [name, left.written, right.written],
  };
}

function mismatch(operator: string, left: Expression, right: Expression, at: number): FilterError {
  return new FilterError({ kind: "types", operator, left: left.kind, right: right.kind }, at);
}

function unexpected({ value, at }: Lexeme, expected: (Problem & { kind: "expected" })["expected"]) {
  return new FilterError({ kind: "expected", found: value, expected }, at);
}
