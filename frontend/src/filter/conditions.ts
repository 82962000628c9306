/** Writes names, texts and conditions into a filter, as clicks make them. */

import { FilterError } from "./filter_error";
import { lexemesOf } from "./lexer";
import { isReserved } from "./parse_filter";

const PLAIN = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Returns the name of a column as it stands in a filter. */
export function nameIn(name: string): string {
  return PLAIN.test(name) && !isReserved(name) ? name : quoted(name, "`");
}

/** Returns a text as it stands in a filter. */
export function textIn(text: string): string {
  return quoted(text, '"');
}

function quoted(text: string, sign: string): string {
  return `${sign}${text.replaceAll("\\", "\\\\").replaceAll(sign, `\\${sign}`)}${sign}`;
}

/**
 * Returns the condition that a number is in a range; null if every number is.
 *
 * @param to Infinity for a range without an end
 * @param eitherWay whether it is about how far the number is from 0
 */
export function inRange(name: string, from: number, to: number, eitherWay: boolean): string | null {
  const [least, most] = [from, to].map((end) => String(Number(end.toPrecision(3))));
  const above = eitherWay ? `(${name} >= ${least} or ${name} <= -${least})` : `${name} >= ${least}`;
  const below = eitherWay ? `${name} < ${most} and ${name} > -${most}` : `${name} < ${most}`;
  const parts = [...(from > 0 ? [above] : []), ...(Number.isFinite(to) ? [below] : [])];
  return parts.length ? parts.join(" and ") : null;
}

/**
 * Returns a filter with a condition on a column in place of the conditions that are on this column
 * alone; null only takes these away. A filter that can't be read is given up.
 */
export function withCondition(source: string, column: string, condition: string | null): string {
  const parts = partsOf(source).filter(({ columns }) => columns.some((name) => name !== column));
  const kept = parts.map(({ text }) => text);
  return (condition === null ? kept : [...kept, condition]).join(" and ");
}

interface Part {
  readonly text: string;
  readonly columns: readonly string[];
}

/** Returns the conditions that must all be met. */
function partsOf(source: string): Part[] {
  if (!source.trim()) return [];
  try {
    const parts: Part[] = [];
    let [start, depth, columns, isEither] = [0, 0, [] as string[], false];
    for (const { kind, value, at } of lexemesOf(source)) {
      if (value === "(" && kind === "sign") depth++;
      if (value === ")" && kind === "sign") depth--;
      const word = kind === "name" ? value.toLowerCase() : "";
      if (word === "or" && depth === 0) isEither = true;
      if (kind === "end" || (word === "and" && depth === 0)) {
        parts.push({ text: source.slice(start, at).trim(), columns });
        [start, columns] = [at + value.length, []];
      } else if (kind === "column" || (word && !isReserved(word))) columns.push(value);
    }
    const all = parts.flatMap((part) => part.columns);
    return isEither ? [{ text: `(${source.trim()})`, columns: all }] : parts;
  } catch (error) {
    if (error instanceof FilterError) return [];
    throw error;
  }
}
