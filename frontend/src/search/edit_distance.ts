/** Finds the tokens that are spelled most like a word. */

/**
 * Returns the distance of two words if it is at most `limit`, else `limit + 1`. It counts letters
 * that are inserted, left out, replaced, or swapped with the next one (optimal string alignment).
 * Only cells near the diagonal are filled in: others lie beyond the limit.
 */
export function distanceWithin(a: string, b: string, limit: number): number {
  const beyond = limit + 1;
  if (Math.abs(a.length - b.length) > limit) return beyond;
  if (rows[0].length <= b.length) rows = newRows(2 * b.length);
  let [twoBack, last, row] = rows;
  for (let j = 0; j <= b.length; j++) last[j] = Math.min(j, beyond);
  for (let i = 1; i <= a.length; i++) {
    const from = Math.max(1, i - limit);
    const to = Math.min(b.length, i + limit);
    // The cells beside the band, which the next ones look at.
    row[from - 1] = from > 1 ? beyond : Math.min(i, beyond);
    if (to < b.length) row[to + 1] = beyond;
    let least = from > 1 ? beyond : (row[0] ?? 0);
    for (let j = from; j <= to; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = (last[j - 1] ?? beyond) + (same ? 0 : 1);
      cost = Math.min(cost, (last[j] ?? beyond) + 1, (row[j - 1] ?? beyond) + 1);
      const swapped =
        i > 1 &&
        j > 1 &&
        a.charCodeAt(i - 1) === b.charCodeAt(j - 2) &&
        a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (swapped) cost = Math.min(cost, (twoBack[j - 2] ?? beyond) + 1);
      row[j] = Math.min(cost, beyond);
      if (cost < least) least = cost;
    }
    if (least > limit) return beyond;
    [twoBack, last, row] = [last, row, twoBack];
  }
  return last[b.length] ?? beyond;
}

/** Room for three rows of cells, the same for all words: a million of them would cost more. */
let rows = newRows(64);

function newRows(length: number): readonly [Int32Array, Int32Array, Int32Array] {
  return [new Int32Array(length), new Int32Array(length), new Int32Array(length)];
}

/** Returns the largest number of mistakes with which a word is still taken for another one. */
function mistakesIn(word: string): number {
  return word.length <= 2 ? 1 : word.length <= 5 ? 2 : 3;
}

const MOST_NEAR = 5;

/** Collects the rows whose words are nearest, the earlier ones first among equals. */
export class Nearest {
  private readonly found: { row: number; distance: number }[] = [];
  private limit: number;

  constructor(private readonly word: string) {
    this.limit = mistakesIn(word);
  }

  offer(row: number, word: string): void {
    if (this.limit < 0) return;
    const distance = distanceWithin(this.word, word, this.limit);
    if (distance > this.limit) return;
    const at = this.found.findLastIndex((other) => other.distance <= distance) + 1;
    this.found.splice(at, 0, { row, distance });
    if (this.found.length > MOST_NEAR) this.found.pop();
    // Rows come in order, so a later one must be nearer than the last to take its place.
    const last = this.found[MOST_NEAR - 1];
    if (last) this.limit = last.distance - 1;
  }

  get rows(): number[] {
    return this.found.map(({ row }) => row);
  }
}
