/** Samples rows spread evenly over the table. */

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * At most `most` rows. Not every so many: rows may follow each other in a pattern, such as class
 * after class, of which that could see a part only.
 */
export function sampledRows(rows: number, most: number): number[] {
  if (rows <= most) return Array.from({ length: rows }, (_, row) => row);
  return Array.from({ length: most }, (_, at) => Math.floor(((at * GOLDEN) % 1) * rows));
}
