/** Works on lists of rows that may be as long as the table. */

/** Whether a row is among those given. */
export interface RowTest {
  has(row: number): boolean;
}

/** The number of rows from which on a byte for each row of the table costs less than a set. */
const MANY = 1000;
/** The most bytes: a link may name rows that no table has. */
const MOST_BYTES = 2 ** 24;

export function rowTest(rows: readonly number[]): RowTest {
  const bytes = emptyMask(rows);
  if (bytes === null) return new Set(rows);
  for (let at = 0; at < rows.length; at++) bytes[rows[at] as number] = 1;
  return { has: (row) => bytes[row] === 1 };
}

/** Returns each row once, in the order in which they come first. */
export function distinct(rows: readonly number[]): number[] {
  const seen = emptyMask(rows);
  if (seen === null) return [...new Set(rows)];
  const kept: number[] = [];
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    if (seen[row] === 1) continue;
    seen[row] = 1;
    kept.push(row);
  }
  return kept;
}

/** Returns the rows that are below `count`; the same list if all are. */
export function within(rows: readonly number[], count: number): readonly number[] {
  let at = 0;
  while (at < rows.length && (rows[at] as number) < count) at++;
  return at === rows.length ? rows : rows.filter((row) => row < count);
}

/** Returns 1 for each of these rows, in a table of `count` rows. */
export function maskOf(rows: readonly number[], count: number): Uint8Array {
  const mask = new Uint8Array(count);
  for (const row of rows) if (row < count) mask[row] = 1;
  return mask;
}

/** Returns 1 where each of these masks has 1; a mask that is null has 1 everywhere. */
export function bothMasks(...masks: (Uint8Array | null)[]): Uint8Array | null {
  const [first, ...others] = masks.filter((mask) => mask !== null);
  if (!first || !others.length) return first ?? null;
  const both = first.slice();
  for (const mask of others) {
    for (let row = 0; row < both.length; row++) if (!mask[row]) both[row] = 0;
  }
  return both;
}

export function rowsWhere(values: ArrayLike<number>, value: number): number[] {
  const rows: number[] = [];
  for (let row = 0; row < values.length; row++) if (values[row] === value) rows.push(row);
  return rows;
}

/** Returns the rows of an order that are in the mask; all rows without a mask. */
export function onlyIn(order: Uint32Array, mask: Uint8Array | null): Uint32Array {
  if (mask === null) return order;
  const rows = new Uint32Array(order.length);
  let found = 0;
  for (let at = 0; at < order.length; at++) {
    const row = order[at] as number;
    if (mask[row]) rows[found++] = row;
  }
  return rows.slice(0, found);
}

/** Puts the rows of an order that are in the mask before all others, each part in its order. */
export function membersFirst(order: Uint32Array, mask: Uint8Array | null): Uint32Array {
  if (mask === null) return order;
  const first = onlyIn(order, mask);
  const rows = new Uint32Array(order.length);
  rows.set(first);
  let place = first.length;
  for (let at = 0; at < order.length; at++) {
    const row = order[at] as number;
    if (!mask[row]) rows[place++] = row;
  }
  return rows;
}

/** Returns the last `most` rows that are below `count`, in their order. */
export function lastWithin(rows: readonly number[], count: number, most: number): number[] {
  const found: number[] = [];
  for (let at = rows.length - 1; at >= 0 && found.length < most; at--) {
    const row = rows[at] as number;
    if (row < count) found.push(row);
  }
  return found.reverse();
}

/**
 * Returns a zero for each row up to the last of many; null for few rows, or for rows out of range.
 */
function emptyMask(rows: readonly number[]): Uint8Array | null {
  if (rows.length < MANY) return null;
  let last = 0;
  for (let at = 0; at < rows.length; at++) last = Math.max(last, rows[at] as number);
  return last < MOST_BYTES ? new Uint8Array(last + 1) : null;
}
