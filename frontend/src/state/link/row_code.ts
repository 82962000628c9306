/** Writes lists of rows into a link. */

// Few rows keep their order: `3.1.2`. Many rows are sorted and written as `~last~run.run`: the last
// row in the order of selection, and then runs of consecutive rows. A run, such as `gap-more`, is
// the number of rows skipped before it and, after a dash, the number of rows after its first one.
// Numbers in runs have base 36.

/** Lists of at most so many rows keep their order. */
const IN_ORDER = 8;
/** A longer text makes links that programs cut. */
const MOST_LETTERS = 3000;
/** The most rows that a link may name, so that a malicious one can't fill the memory. */
const MOST_ROWS = 2 ** 24;

/** Returns rows as text; null if the text would be too long for a link. */
export function encodeRows(rows: readonly number[]): string | null {
  if (rows.length <= IN_ORDER) return rows.join(".");
  const sorted = Float64Array.from(rows).sort();
  const runs: string[] = [];
  let letters = 0;
  let end = 0;
  for (let at = 0; at < sorted.length; ) {
    const start = sorted[at] as number;
    let last = at;
    while ((sorted[last + 1] ?? -1) - (sorted[last] as number) === 1) last++;
    const gap = (start - end).toString(36);
    const run = last > at ? `${gap}-${(last - at).toString(36)}` : gap;
    letters += run.length + 1;
    if (letters > MOST_LETTERS) return null;
    runs.push(run);
    end = (sorted[last] as number) + 1;
    at = last + 1;
  }
  return `~${(rows.at(-1) ?? 0).toString(36)}~${runs.join(".")}`;
}

/** Returns the rows in a text; undefined if the text is not a list of rows. */
export function decodeRows(code: string): number[] | undefined {
  if (/^\d{1,9}(\.\d{1,9})*$/.test(code)) {
    // Each row once; the last one is inspected.
    return [...new Set(code.split(".").map(Number).reverse())].reverse();
  }
  const [, lastCode, runs] = /^~([0-9a-z]{1,6})~([0-9a-z.-]+)$/.exec(code) ?? [];
  if (lastCode === undefined || runs === undefined) return undefined;
  const inspected = Number.parseInt(lastCode, 36);
  const rows: number[] = [];
  let next = 0;
  for (const run of runs.split(".")) {
    const [, gap, more = "0"] = /^([0-9a-z]{1,6})(?:-([0-9a-z]{1,6}))?$/.exec(run) ?? [];
    if (gap === undefined) return undefined;
    const start = next + Number.parseInt(gap, 36);
    const end = start + Number.parseInt(more, 36);
    if (rows.length + end - start >= MOST_ROWS) return undefined;
    for (let row = start; row <= end; row++) if (row !== inspected) rows.push(row);
    next = end + 1;
  }
  rows.push(inspected);
  return rows;
}
