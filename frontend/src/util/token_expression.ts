/** Reads expressions of tokens, such as `good, great - bad`, as far as the page needs to. */

/** As the server reads them: space, operators and marks, quoted tokens, other tokens. */
const PIECES = /\s+|[-+]|[,()]|"(?:[^"]|"")*"|'(?:[^']|'')*'|[^-+,()\s]+/g;
const UNFINISHED = /(?:^|[-+,(\s])([^-+,()\s"']+)$/;
const PLAIN = /^[^-+,()\s"'][^-+,()\s]*$/;

/** What lies at the two ends of the direction that an expression spans; empty for nothing. */
export interface Poles {
  readonly negative: string;
  readonly positive: string;
}

export function polesOf(expression: string): Poles {
  const sides: Record<"+" | "-", string> = { "+": "", "-": "" };
  let sign: "+" | "-" = "+";
  let join = "";
  for (const [piece] of expression.matchAll(PIECES)) {
    if (piece === "+" || piece === "-") {
      sign = piece;
      join = " + ";
    } else if (piece === ",") join = ", ";
    else if (piece.trim() && piece !== "(" && piece !== ")") {
      sides[sign] += (sides[sign] && join) + unquoted(piece);
    }
  }
  return { negative: sides["-"], positive: sides["+"] };
}

/**
 * Returns expressions that end with a whole token where this one ends with the beginning of it.
 *
 * @param tokens by falling importance
 */
export function completed(expression: string, tokens: Iterable<string>, most: number): string[] {
  const [, begun] = UNFINISHED.exec(expression) ?? [];
  if (begun === undefined) return [];
  const head = expression.slice(0, expression.length - begun.length);
  const wanted = begun.toLowerCase();
  const found = new Set<string>();
  for (const token of tokens) {
    if (token.toLowerCase().startsWith(wanted)) found.add(head + quoted(token));
    if (found.size === most) break;
  }
  return [...found];
}

function quoted(token: string): string {
  return PLAIN.test(token) ? token : `"${token.replaceAll('"', '""')}"`;
}

function unquoted(piece: string): string {
  const [quote = ""] = piece;
  const isQuoted = (quote === '"' || quote === "'") && piece.length > 1 && piece.endsWith(quote);
  return isQuoted ? piece.slice(1, -1).replaceAll(quote + quote, quote) : piece;
}
