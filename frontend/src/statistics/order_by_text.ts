/** Sorts rows by text, a million in a second or two. */

// Some letters behind what a group of texts shares are sorted as numbers, and what they leave
// alike is a group again, until there are few of them.

/** Groups up to this size are compared one by one. */
const FEW = 8;

/** Orders rows by text, in the order of code units; equal ones by row. */
export function orderByText(texts: ArrayLike<string>, descending: boolean): Uint32Array {
  const order = Uint32Array.from({ length: texts.length }, (_, row) => row);
  const packed = new BigUint64Array(texts.length);
  // Groups that are still to be sorted, and how many letters each is known to share.
  const groups: [rows: Uint32Array, shared: number][] = [[order, 0]];
  for (let group = groups.pop(); group; group = groups.pop()) {
    const [rows, shared] = group;
    if (rows.length <= FEW) sortFew(rows, texts, descending);
    else groups.push(...parted(rows, texts, shared, descending, packed));
  }
  return order;
}

/** Puts each row in its place among those before it: no callbacks. */
function sortFew(rows: Uint32Array, texts: ArrayLike<string>, descending: boolean): void {
  for (let at = 1; at < rows.length; at++) {
    const row = rows[at] as number;
    const text = texts[row] ?? "";
    let place = at;
    for (; place > 0; place--) {
      const other = rows[place - 1] as number;
      const before = texts[other] ?? "";
      if (descending ? before >= text : before <= text) break;
      rows[place] = other;
    }
    rows[place] = row;
  }
}

/** Sorts rows by a few letters; returns the groups that these leave alike. */
function parted(
  rows: Uint32Array,
  texts: ArrayLike<string>,
  shared: number,
  descending: boolean,
  room: BigUint64Array,
): [Uint32Array, number][] {
  const start = sharedLetters(rows, texts, shared);
  const letters = areNarrow(rows, texts, start) ? 4 : 1;
  const packed = room.subarray(0, rows.length);
  const halves = new Uint32Array(packed.buffer, 0, 2 * rows.length);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as number;
    const value = numberOf(texts[row] ?? "", start, letters);
    halves[2 * at] = row;
    halves[2 * at + 1] = descending ? ~value : value;
  }
  packed.sort();
  for (let at = 0; at < rows.length; at++) rows[at] = halves[2 * at] as number;
  const alike: [Uint32Array, number][] = [];
  for (let from = 0; from < rows.length; ) {
    let to = from + 1;
    while (to < rows.length && halves[2 * to + 1] === halves[2 * from + 1]) to++;
    // Those that end within these letters are equal, and in the order of their rows.
    const goOn = (texts[rows[from] as number] ?? "").length >= start + letters;
    if (to - from > 1 && goOn) alike.push([rows.subarray(from, to), start + letters]);
    from = to;
  }
  return alike;
}

/** Returns how many letters all texts of a group share at their start: at least `known`. */
function sharedLetters(rows: Uint32Array, texts: ArrayLike<string>, known: number): number {
  const first = texts[rows[0] as number] ?? "";
  let shared = first.length;
  for (let at = 1; at < rows.length && shared > known; at++) {
    const text = texts[rows[at] as number] ?? "";
    let length = known;
    const most = Math.min(shared, text.length);
    while (length < most && text.charCodeAt(length) === first.charCodeAt(length)) length++;
    shared = length;
  }
  return Math.max(shared, known);
}

/** The last letter that a byte has room for, beside the end of a text. */
const NARROW = 254;

/** Returns whether the next four letters of each fit in a byte each. */
function areNarrow(rows: Uint32Array, texts: ArrayLike<string>, start: number): boolean {
  for (let at = 0; at < rows.length; at++) {
    const text = texts[rows[at] as number] ?? "";
    const end = Math.min(start + 4, text.length);
    for (let place = start; place < end; place++) {
      if (text.charCodeAt(place) > NARROW) return false;
    }
  }
  return true;
}

/** Returns letters as a number in their order; the end of a text comes before all letters. */
function numberOf(text: string, start: number, letters: number): number {
  let key = 0;
  for (let at = start; at < start + letters; at++) {
    key = key * (NARROW + 2) + (at < text.length ? text.charCodeAt(at) + 1 : 0);
  }
  return key;
}
