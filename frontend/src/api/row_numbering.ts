/** Numbers the rows that the page holds of tables that are too large to be held whole. */

import { filled } from "../util/fill_array";
import type { Series } from "./contract.gen";

/** Numbers from here on stand for rows of the table that the page does not hold. */
export const FAR = 2 ** 32;
/** The most rows that the page holds of one table. */
export const MOST_HELD = 300_000;
/** How many rows beyond the sample are asked for at once. */
const CHUNK = 16_384;
const GOLDEN = (5 ** 0.5 - 1) / 2;

/**
 * The rows that the page holds of one table. It calls them 0, 1, 2...: first a sample, one row of
 * each of equal parts of the table, and then rows in the order in which they came. A row keeps its
 * number, so what the state names stays true when others come.
 */
export class Numbering {
  private readonly rows: number[] = [];
  private readonly numbers = new Map<number, number>();

  /**
   * @param sampled the number of rows in the sample
   * @param table the number of rows of the table
   */
  constructor(
    private readonly sampled: number,
    private readonly table: number,
  ) {
    for (let part = 0; part < sampled; part++) {
      const start = Math.floor((part * table) / sampled);
      const size = Math.floor(((part + 1) * table) / sampled) - start;
      this.hold(start + Math.floor(((part * GOLDEN) % 1) * size));
    }
  }

  get count(): number {
    return this.rows.length;
  }

  /** Returns the row of the table that the page knows under a number. */
  rowOf(number: number): number {
    return number >= FAR ? number - FAR : (this.rows[number] ?? number);
  }

  /** Returns the number of a row of the table. */
  numberOf(row: number): number {
    return this.numbers.get(row) ?? FAR + row;
  }

  /** Returns whether a row is one of the table that is not held, and there is room for it. */
  canHold(row: number): boolean {
    const isThere = row >= 0 && row < this.table;
    return isThere && this.count < MOST_HELD && !this.numbers.has(row);
  }

  /** Holds more rows of the table, as far as there is room. */
  add(rows: Iterable<number>): void {
    for (const row of rows) if (this.canHold(row)) this.hold(row);
  }

  /** Holds a row, if there is room for it; returns its number. */
  held(row: number): number {
    this.add([row]);
    return this.numberOf(row);
  }

  /**
   * Returns the first `count` rows in pieces. Each has the parameter `shown` of a request and a key;
   * pieces of one table with equal keys have equal rows.
   */
  chunks(count: number): { shown: string; key: string }[] {
    const sample = `sample.${this.sampled}.${this.table}`;
    const chunks = [{ shown: sample, key: sample }];
    for (let start = this.sampled; start < count; start += CHUNK) {
      const stop = Math.min(start + CHUNK, count);
      const shown = this.rows.slice(start, stop).join(".");
      chunks.push({ shown, key: `${sample} ${start}-${stop}` });
    }
    return chunks;
  }

  private hold(row: number): void {
    this.numbers.set(row, this.rows.length);
    this.rows.push(row);
  }
}

const numberings = new Map<string, Numbering>();

/** Returns how the rows of a series are numbered; null where the page holds all of them. */
export function numberingOf(of: { readonly run?: unknown; readonly tag?: unknown } | null) {
  return (of && numberings.get(keyOf(of))) ?? null;
}

/** Returns a series as the page holds it; numbers its rows if the page is not to hold them all. */
export function asHeld(series: Series): Series {
  if (series.shown_rows >= series.vocab_size) return series;
  const known = numberingOf(series);
  const numbering = known ?? new Numbering(series.shown_rows, series.vocab_size);
  numberings.set(keyOf(series), numbering);
  return { ...series, shown_rows: numbering.count };
}

/** Returns what finds the row of the table that the page knows under a number. */
function rowIn(of: Parameters<typeof numberingOf>[0]): (number: number) => number {
  const numbering = numberingOf(of);
  return (number) => numbering?.rowOf(number) ?? number;
}

export function tableRow(of: Parameters<typeof numberingOf>[0], number: number): number {
  return rowIn(of)(number);
}

export function numberedLabels(series: Series): string[] {
  return Array.from(tableRows(series), (row) => `#${row}`);
}

/** Returns the row of the table of each row that the page holds. */
export function tableRows(series: Series): Float64Array {
  return filled(new Float64Array(series.shown_rows), rowIn(series));
}

const keyOf = ({ run, tag }: { readonly run?: unknown; readonly tag?: unknown }) =>
  JSON.stringify([run, tag]);
