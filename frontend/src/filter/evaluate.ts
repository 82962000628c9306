/** Finds the rows of the table that meet a filter. */

import type { Node } from "./parse";

/** One value per row. */
export type Values =
  | { readonly numbers: ArrayLike<number>; readonly texts?: never }
  | { readonly texts: ArrayLike<string>; readonly numbers?: never };

/** The values of the columns that a condition is about, by id; null while one is not there. */
export type Lookup = (id: string) => Values | null;

/** The ids of the columns in an expression. */
export function columnsIn(node: Node): string[] {
  if (node.kind === "column") return [node.id];
  if (node.kind === "negative" || node.kind === "not") return columnsIn(node.of);
  if (node.kind === "in") return [node.of, ...node.list].flatMap(columnsIn);
  return "left" in node ? [...columnsIn(node.left), ...columnsIn(node.right)] : [];
}

/** 1 for each row that meets the condition; null while its columns are not all there. */
export function rowsMeeting(node: Node, lookup: Lookup, rows: number): Uint8Array | null {
  const columns = new Map<string, Values>();
  for (const id of columnsIn(node)) {
    const values = lookup(id);
    if (!values) return null;
    columns.set(id, values);
  }
  const meets = conditionOf(node, columns);
  const mask = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) if (meets(row)) mask[row] = 1;
  return mask;
}

type Columns = ReadonlyMap<string, Values>;
type Of<T> = (row: number) => T;

function conditionOf(node: Node, columns: Columns): Of<boolean> {
  if (node.kind === "not") {
    const of = conditionOf(node.of, columns);
    return (row) => !of(row);
  }
  if (node.kind === "junction") {
    const left = conditionOf(node.left, columns);
    const right = conditionOf(node.right, columns);
    if (node.operator === "and") return (row) => left(row) && right(row);
    return (row) => left(row) || right(row);
  }
  if (node.kind === "in") return oneOf(node.of, node.list, columns);
  if (node.kind === "comparison") {
    return isText(node.left) ? textsCompared(node, columns) : numbersCompared(node, columns);
  }
  return () => false;
}

function oneOf(of: Node, list: readonly Node[], columns: Columns): Of<boolean> {
  if (isText(of)) {
    const value = textOf(of, columns);
    const items = list.map((item) => textOf(item, columns));
    return (row) => items.some((item) => item(row) === value(row));
  }
  const value = numberOf(of, columns);
  const items = list.map((item) => numberOf(item, columns));
  return (row) => items.some((item) => item(row) === value(row));
}

interface Comparison {
  operator: string;
  left: Node;
  right: Node;
}

/** A number that is not known meets no condition. */
function numbersCompared({ operator, left, right }: Comparison, columns: Columns): Of<boolean> {
  const a = numberOf(left, columns);
  const b = numberOf(right, columns);
  if (operator === "<") return (row) => a(row) < b(row);
  if (operator === "<=") return (row) => a(row) <= b(row);
  if (operator === ">") return (row) => a(row) > b(row);
  if (operator === ">=") return (row) => a(row) >= b(row);
  if (operator === "=") return (row) => a(row) === b(row);
  return (row) => {
    const one = a(row);
    const other = b(row);
    return one < other || one > other;
  };
}

function textsCompared({ operator, left, right }: Comparison, columns: Columns): Of<boolean> {
  const a = textOf(left, columns);
  const b = textOf(right, columns);
  if (operator === "=") return (row) => a(row) === b(row);
  if (operator === "!=") return (row) => a(row) !== b(row);
  const whole = (row: number) => a(row).toLowerCase();
  const part = right.kind === "text" ? constant(right.value.toLowerCase()) : lower(b);
  if (operator === "starts") return (row) => whole(row).startsWith(part(row));
  if (operator === "ends") return (row) => whole(row).endsWith(part(row));
  return (row) => whole(row).includes(part(row));
}

function numberOf(node: Node, columns: Columns): Of<number> {
  if (node.kind === "number") return constant(node.value);
  if (node.kind === "column") {
    const numbers = columns.get(node.id)?.numbers ?? [];
    return (row) => numbers[row] ?? Number.NaN;
  }
  if (node.kind === "negative") {
    const of = numberOf(node.of, columns);
    return (row) => -of(row);
  }
  if (node.kind !== "calculation") return constant(Number.NaN);
  const a = numberOf(node.left, columns);
  const b = numberOf(node.right, columns);
  if (node.operator === "+") return (row) => a(row) + b(row);
  if (node.operator === "-") return (row) => a(row) - b(row);
  if (node.operator === "*") return (row) => a(row) * b(row);
  return (row) => a(row) / b(row);
}

function textOf(node: Node, columns: Columns): Of<string> {
  if (node.kind === "text") return constant(node.value);
  const texts = (node.kind === "column" && columns.get(node.id)?.texts) || [];
  return (row) => texts[row] ?? "";
}

function isText(node: Node): boolean {
  return node.kind === "text" || (node.kind === "column" && node.of === "text");
}

function constant<T>(value: T): Of<T> {
  return () => value;
}

function lower(of: Of<string>): Of<string> {
  return (row) => of(row).toLowerCase();
}
