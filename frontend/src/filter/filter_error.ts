/** Defines what can be wrong with a filter; strings/columns.ts has the words. */

export type Problem =
  | { kind: "letter"; letter: string }
  | { kind: "unclosed"; sign: string }
  | { kind: "expected"; found: string; expected: "value" | "condition" | "end" | "list" | ")" }
  | { kind: "column"; name: string }
  | { kind: "types"; operator: string; left: string; right: string }
  | { kind: "deep" };

/** What is wrong with a text that is no filter, and where. */
export class FilterError extends Error {
  override readonly name = "FilterError";

  constructor(
    readonly problem: Problem,
    readonly at: number,
  ) {
    super(problem.kind);
  }
}
