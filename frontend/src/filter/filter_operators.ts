/** Defines the operators of a filter, and finds the rows of the table that meet it. */

/** One value per row. */
export type Values =
  | { readonly numbers: ArrayLike<number>; readonly texts?: never }
  | { readonly texts: ArrayLike<string>; readonly numbers?: never };

interface Types {
  number: number;
  text: string;
  condition: boolean;
}

export type Kind = keyof Types;

type Of<T> = (row: number) => T;

/** A part of a filter as the server reads it: an operator or a kind, and what it is applied to. */
export type Written = readonly [string, ...(string | number | Written)[]];

/** A part of a filter: given the values of the filter's columns, it has a value in each row. */
export interface Expression {
  readonly kind: Kind;
  of(values: readonly Values[]): Of<unknown>;
  readonly written: Written;
}

export interface Condition {
  readonly columns: readonly string[];
  readonly expression: Expression;
}

/** An operator between two parts of one kind. */
export interface Operator {
  readonly name: string;
  /** The kind of both parts, and of the result. */
  readonly takes: Kind;
  readonly gives: Kind;
  make(a: Of<unknown>, b: Of<unknown>): Of<unknown>;
}

export const OPERATORS: readonly Operator[] = [
  operator("or", "condition", "condition", (a, b) => (row) => a(row) || b(row)),
  operator("and", "condition", "condition", (a, b) => (row) => a(row) && b(row)),
  operator("<", "number", "condition", (a, b) => (row) => a(row) < b(row)),
  operator("<=", "number", "condition", (a, b) => (row) => a(row) <= b(row)),
  operator(">", "number", "condition", (a, b) => (row) => a(row) > b(row)),
  operator(">=", "number", "condition", (a, b) => (row) => a(row) >= b(row)),
  operator("=", "number", "condition", (a, b) => (row) => a(row) === b(row)),
  // A number that is not known is neither equal nor unequal to another.
  operator("!=", "number", "condition", (a, b) => (row) => {
    const one = a(row);
    const other = b(row);
    return one < other || one > other;
  }),
  operator("=", "text", "condition", (a, b) => (row) => a(row) === b(row)),
  operator("!=", "text", "condition", (a, b) => (row) => a(row) !== b(row)),
  operator("contains", "text", "condition", inAnyCase("includes")),
  operator("starts", "text", "condition", inAnyCase("startsWith")),
  operator("ends", "text", "condition", inAnyCase("endsWith")),
  operator("+", "number", "number", (a, b) => (row) => a(row) + b(row)),
  operator("-", "number", "number", (a, b) => (row) => a(row) - b(row)),
  operator("*", "number", "number", (a, b) => (row) => a(row) * b(row)),
  operator("/", "number", "number", (a, b) => (row) => a(row) / b(row)),
];

function operator<T extends Kind, R extends Kind>(
  name: string,
  takes: T,
  gives: R,
  make: (a: Of<Types[T]>, b: Of<Types[T]>) => Of<Types[R]>,
): Operator {
  return { name, takes, gives, make: make as Operator["make"] };
}

function inAnyCase(method: "includes" | "startsWith" | "endsWith") {
  return (a: Of<string>, b: Of<string>): Of<boolean> => {
    const [whole, part] = [lower(a), lower(b)];
    return (row) => whole(row)[method](part(row));
  };
}

/** Converts texts to small letters: only once while they stay the same from row to row. */
function lower(of: Of<string>): Of<string> {
  let last = "";
  let small = "";
  return (row) => {
    const text = of(row);
    if (text !== last) small = text.toLowerCase();
    last = text;
    return small;
  };
}

/**
 * Returns 1 for each row that meets the condition; null while its columns are not all there.
 *
 * @param columns the values of the condition's columns, in their order
 */
export function rowsMeeting(
  { expression }: Condition,
  columns: readonly (Values | null)[],
  rows: number,
): Uint8Array | null {
  const values = columns.filter((one) => one !== null);
  if (values.length < columns.length) return null;
  const meets = expression.of(values);
  const mask = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) if (meets(row)) mask[row] = 1;
  return mask;
}
