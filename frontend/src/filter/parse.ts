/** Parses a filter of the table, such as `drift > 0.3 and class = "noun"`. */

import { FilterError } from "./filter_error";
import { type Lexeme, lexemesOf } from "./lexer";

/**
 * Conditions on the columns of a table, such as `drift > 0.3 and class = "noun"`:
 *
 *     or, and, not          between conditions
 *     = != < <= > >=        between numbers; = and != between texts, too
 *     contains, starts, ends    a text and a part of it, letter case aside
 *     in ("a", "b")         one of several
 *     + - * /  ( )          on numbers
 */
export type Node =
  | { kind: "number"; value: number }
  | { kind: "text"; value: string }
  | { kind: "column"; id: string; of: "number" | "text" }
  | { kind: "negative"; of: Node }
  | { kind: "not"; of: Node }
  | { kind: "calculation" | "comparison" | "junction"; operator: string; left: Node; right: Node }
  | { kind: "in"; of: Node; list: readonly Node[] };

export type Kind = "number" | "text" | "condition";

/** The column that a name means, if any; `logged` asks for those of the log only. */
export interface Columns {
  find(name: string, logged: boolean): { id: string; kind: "number" | "text" } | null;
  readonly names: readonly string[];
}

const COMPARISON_BINDING = 4;
/** How tightly operators bind. */
const BINDING: ReadonlyMap<string, number> = new Map([
  ["or", 1],
  ["and", 2],
  ...["=", "!=", "<", "<=", ">", ">=", "contains", "starts", "ends", "in"].map(
    (operator): [string, number] => [operator, COMPARISON_BINDING],
  ),
  ["+", 5],
  ["-", 5],
  ["*", 6],
  ["/", 6],
]);
const NOT_BINDING = 3;
const SIGN_BINDING = 7;
const MOST_DEEP = 200;

/** @throws FilterError where it is not a condition */
export function parseFilter(source: string, columns: Columns): Node {
  return new Parser(lexemesOf(source), columns).whole();
}

export function kindOf(node: Node): Kind {
  if (node.kind === "text") return "text";
  if (node.kind === "column") return node.of;
  return node.kind === "number" || node.kind === "negative" || node.kind === "calculation"
    ? "number"
    : "condition";
}

class Parser {
  private next = 0;
  private depth = 0;

  constructor(
    private readonly tokens: readonly Lexeme[],
    private readonly columns: Columns,
  ) {}

  whole(): Node {
    const start = this.peek();
    const node = this.expression(0);
    const rest = this.peek();
    if (rest.kind !== "end") throw this.unexpected(rest, "end");
    this.demand("condition", node, start);
    return node;
  }

  private expression(binding: number): Node {
    if (++this.depth > MOST_DEEP) throw new FilterError({ kind: "deep" }, this.peek().at);
    let left = this.operand();
    for (;;) {
      const operator = this.operator();
      const strength = BINDING.get(operator ?? "");
      if (operator === null || strength === undefined || strength <= binding) break;
      const { at } = this.take();
      if (operator === "in") left = this.list(left, at);
      else left = combined(operator, left, this.expression(strength), at);
    }
    this.depth--;
    return left;
  }

  private operand(): Node {
    const token = this.take();
    if (token.kind === "number" || token.kind === "text") return token;
    if (token.kind === "sign" && token.value === "(") return this.inParentheses();
    if (token.kind === "sign" && token.value === "-") {
      const of = this.expression(SIGN_BINDING);
      if (kindOf(of) !== "number") throw mismatch("-", of, of, token.at);
      return { kind: "negative", of };
    }
    if (token.kind !== "name") throw this.unexpected(token, "value");
    const word = token.quoted ? "" : token.value.toLowerCase();
    if (word === "not") {
      const of = this.expression(NOT_BINDING);
      this.demand("condition", of, token);
      return { kind: "not", of };
    }
    if (BINDING.has(word)) throw this.unexpected(token, "value");
    return this.column(token.value, token.quoted, token.at);
  }

  private inParentheses(): Node {
    const inner = this.expression(0);
    const closing = this.take();
    if (closing.value !== ")" || closing.kind !== "sign") throw this.unexpected(closing, ")");
    return inner;
  }

  private column(name: string, logged: boolean, at: number): Node {
    const found = this.columns.find(name, logged);
    if (!found) throw new FilterError({ kind: "column", name, known: this.columns.names }, at);
    return { kind: "column", id: found.id, of: found.kind };
  }

  private list(of: Node, at: number): Node {
    const opening = this.take();
    if (opening.kind !== "sign" || opening.value !== "(") throw this.unexpected(opening, "list");
    const list: Node[] = [];
    for (;;) {
      const item = this.expression(COMPARISON_BINDING);
      if (kindOf(item) !== kindOf(of)) throw mismatch("in", of, item, at);
      list.push(item);
      const sign = this.take();
      if (sign.kind === "sign" && sign.value === ")") return { kind: "in", of, list };
      if (sign.kind !== "sign" || sign.value !== ",") throw this.unexpected(sign, ")");
    }
  }

  private demand(kind: Kind, node: Node, start: Lexeme): void {
    if (kindOf(node) !== kind) throw this.unexpected(start, "condition");
  }

  private operator(): string | null {
    const token = this.peek();
    if (token.kind === "sign") return token.value;
    return token.kind === "name" && !token.quoted ? token.value.toLowerCase() : null;
  }

  private unexpected(token: Lexeme, expected: "value" | "condition" | "end" | "list" | ")") {
    return new FilterError({ kind: "expected", found: String(token.value), expected }, token.at);
  }

  private peek(): Lexeme {
    return this.tokens[this.next] ?? { kind: "end", value: "", at: 0 };
  }

  private take(): Lexeme {
    const token = this.peek();
    if (token.kind !== "end") this.next++;
    return token;
  }
}

function combined(operator: string, left: Node, right: Node, at: number): Node {
  const kinds = new Set([kindOf(left), kindOf(right)]);
  const [kind] = kinds;
  const all = kinds.size === 1 ? kind : null;
  if (operator === "and" || operator === "or") {
    if (all !== "condition") throw mismatch(operator, left, right, at);
    return { kind: "junction", operator, left, right };
  }
  if ("+-*/".includes(operator)) {
    if (all !== "number") throw mismatch(operator, left, right, at);
    return { kind: "calculation", operator, left, right };
  }
  const forTexts = ["=", "!=", "contains", "starts", "ends"].includes(operator);
  const forNumbers = !["contains", "starts", "ends"].includes(operator);
  const fits = (all === "text" && forTexts) || (all === "number" && forNumbers);
  if (!fits) throw mismatch(operator, left, right, at);
  return { kind: "comparison", operator, left, right };
}

function mismatch(operator: string, left: Node, right: Node, at: number): FilterError {
  return new FilterError({ kind: "types", operator, left: kindOf(left), right: kindOf(right) }, at);
}
