/** Writes a table as comma-separated values, and saves it. */

import type { Values } from "../filter/filter_operators";
import { blobOf, download } from "../util/download";

/** A file to be made, and what to call it. */
export interface TableFile {
  readonly name: string;
  readonly pieces: Iterable<string>;
}

/** Lets the browser save a file; returns its name, or null once the signal is aborted. */
export async function saveTable(file: TableFile, signal?: AbortSignal): Promise<string | null> {
  const blob = await blobOf(file.pieces, "text/csv;charset=utf-8", signal);
  return blob && !signal?.aborted ? download(blob, file.name) : null;
}

/** A column of a file: its head, and where its cells come from. */
export interface CsvColumn {
  readonly head: string;
  /** "row" is the number of the row. */
  readonly values: Values | "row";
}

const ROWS_AT_ONCE = 5000;

/**
 * Writes a table as comma-separated values (RFC 4180), in pieces, so that a million rows don't hold
 * up the page. Spreadsheets read it: a mark at its start says that it is UTF-8, and a text that they
 * would take for a formula gets an apostrophe in front. So does a text that has one already, so that
 * texts that differ still do.
 */
export function* csvPieces(
  rows: ArrayLike<number>,
  columns: readonly CsvColumn[],
): Generator<string> {
  yield BYTE_ORDER_MARK + lineOf(columns.map(({ head }) => textCell(head)));
  const cells = columns.map(({ values }) => cellOf(values));
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const lines: string[] = [];
    for (let at = start; at < Math.min(start + ROWS_AT_ONCE, rows.length); at++) {
      const row = rows[at] ?? 0;
      lines.push(lineOf(cells.map((cell) => cell(row))));
    }
    yield lines.join("");
  }
}

function cellOf(values: CsvColumn["values"]): (row: number) => string {
  if (values === "row") return String;
  const { texts, numbers } = values;
  if (texts) return (row) => textCell(texts[row] ?? "");
  const write = numbers instanceof Float32Array ? float32Text : String;
  return (row) => {
    const value = numbers[row] ?? Number.NaN;
    return Number.isFinite(value) ? write(value) : "";
  };
}

/** Writes a float32 with as few digits as give the same float32 again. */
function float32Text(value: number): string {
  for (const digits of [7, 8]) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

const BYTE_ORDER_MARK = "\ufeff";
/** The wide signs are those of East Asian keyboards, which spreadsheets take for the usual ones. */
const FORMULA = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;

export function textCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function lineOf(cells: readonly string[]): string {
  return `${cells.join(",")}\r\n`;
}
