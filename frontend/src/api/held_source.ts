/** Asks about the rows that the page holds, by the numbers that it has given them. */

import type { CachedSource } from "./cached_source";
import type { Index } from "./contract.gen";
import {
  type Answer,
  type Asks,
  jobOf,
  type Question,
  type RouteName,
  rowFields,
} from "./data_source";
import { asHeld, FAR, type Numbering, numberingOf } from "./row_numbering";

/** The most tokens of one finding that the page holds. */
const MOST_OF_FINDING = 200;

/**
 * A source in which tables that are too large have the rows that the page holds, and no others.
 * Rows that an answer names are held from then on.
 */
export class HeldSource implements Asks {
  constructor(private readonly source: CachedSource) {}

  async get<R extends RouteName>(question: Question<R>, signal?: AbortSignal): Promise<Answer<R>> {
    const { route, ask } = question;
    if (route === "index") {
      const index = (await this.source.get(question, signal)) as Index;
      return { ...index, series: index.series.map(asHeld) } as Answer<R>;
    }
    const numbering = numberingOf(ask as object);
    const other = numberingOf(referenceOf(ask));
    if (!numbering) {
      const answer = await this.source.get(question, signal);
      return translated(answer, route, null, other);
    }
    const asked = { ...question, ask: inRows(ask, numbering) };
    if (!rowFields(route).length) {
      return translated(await this.source.get(asked, signal), route, numbering, other);
    }
    const whole = await this.perRow(asked, numbering, signal);
    return translated(whole, route, numbering, other);
  }

  /** Asks for the rows piece by piece: those that were there before are not asked for again. */
  private async perRow<R extends RouteName>(
    question: Question<R>,
    numbering: Numbering,
    signal: AbortSignal | undefined,
  ): Promise<Answer<R>> {
    const base = question.key.slice(0, question.key.lastIndexOf("@"));
    const pieces = await Promise.all(
      numbering.chunks(numbering.count).map(({ shown, key }) => {
        const ask = { ...question.ask, shown };
        return this.source.get({ ...question, ask, key: `${base} ${key}` }, signal);
      }),
    );
    const unfinished = pieces.find((piece) => (jobOf(piece)?.state ?? "done") !== "done");
    return unfinished ?? joined(question.route, pieces);
  }
}

/** Returns one answer about the rows of several. */
function joined<R extends RouteName>(route: R, pieces: readonly Answer<R>[]): Answer<R> {
  const all = pieces as readonly unknown[] as readonly Record<string, unknown>[];
  const fields = Object.entries(all[0] ?? {}).map(([name, value]) => {
    if (value === null || !rowFields(route).includes(name)) return [name, value];
    const values = all.map((piece) => piece[name]);
    return [name, Array.isArray(value) ? values.flat() : joinedArrays(values as Float32Array[])];
  });
  return Object.fromEntries(fields) as Answer<R>;
}

function joinedArrays<T extends Float32Array | Int32Array>(arrays: readonly T[]): T {
  const length = arrays.reduce((sum, one) => sum + one.length, 0);
  const [first] = arrays as readonly [T, ...T[]];
  const whole = new (first.constructor as new (length: number) => T)(length);
  let at = 0;
  for (const one of arrays) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}

function referenceOf(ask: object) {
  const { run, tag, reference_run, reference_tag } = ask as Record<string, unknown>;
  return reference_run ? { run: reference_run, tag: reference_tag || tag } : { run, tag };
}

/** The parameters that name rows. */
const NAMING = ["index", "indices", "anchors", "rows"] as const;

/** Returns a request with the rows of the table in place of the page's numbers. */
export function inRows<T extends object>(ask: T, numbering: Numbering | null): T {
  if (!numbering) return ask;
  const rows: Record<string, unknown> = {};
  for (const name of NAMING) {
    const value = (ask as Record<string, unknown>)[name];
    if (typeof value === "number") rows[name] = numbering.rowOf(value);
    if (typeof value === "string") {
      rows[name] = value.replace(/\d+/g, (number) => String(numbering.rowOf(Number(number))));
    }
  }
  return { ...ask, ...rows };
}

/** Returns an answer with the page's numbers in place of the rows of the table. */
function translated<R extends RouteName>(
  answer: Answer<R>,
  route: R,
  numbering: Numbering | null,
  other: Numbering | null,
): Answer<R> {
  if (route === "rows_in_reference" && other) {
    const { rows } = answer as Answer<"rows_in_reference">;
    // Most of these rows are never looked at, so they are not held.
    const far = Float64Array.from(rows, (row) => (row < 0 ? row : FAR + row));
    return { ...answer, rows: far as unknown as Int32Array };
  }
  if (!numbering) return answer;
  if (HOLDING.has(route)) numbering.add((answer as Answer<"search">).rows);
  return inNumbers(answer, numbering) as Answer<R>;
}

/** The routes whose rows are asked for in order to be held. */
const HOLDING: ReadonlySet<RouteName> = new Set<RouteName>(["search", "ranked", "within"]);

/** The fields of answers that name rows. */
const ROW_FIELDS: ReadonlySet<string> = new Set(["index", "indices", "gained", "kept", "lost"]);

/** Replaces rows in an answer by their numbers, in the objects that it consists of, too. */
function inNumbers(value: unknown, numbering: Numbering): unknown {
  if (Array.isArray(value) && value[0] instanceof Object) {
    return value.map((one) => inNumbers(one, numbering));
  }
  if (!(value instanceof Object) || Array.isArray(value) || ArrayBuffer.isView(value)) return value;
  const changed: Record<string, unknown> = { ...value };
  for (const [name, field] of Object.entries(value)) {
    if (!ROW_FIELDS.has(name)) changed[name] = inNumbers(field, numbering);
    else if (typeof field === "number") changed[name] = numbering.held(field);
    else if (Array.isArray(field)) {
      changed[name] = field.slice(0, MOST_OF_FINDING).map((row) => numbering.held(row));
    }
  }
  for (const name of ["fixed_rows", "rows"]) {
    const rows = changed[name];
    if (rows instanceof Int32Array) {
      changed[name] = Float64Array.from(rows, (row) => numbering.numberOf(row));
    }
  }
  return changed;
}
