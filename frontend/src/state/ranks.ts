/** Decides how many of the first ranks of a large table the page asks for. */

/** How many are asked for before the table is scrolled, and how many at most. */
export const FEWEST_RANKS = 500;
export const MOST_RANKS = 50_000;

/** Returns how many are wanted where the table is scrolled to a place. */
export function ranksFor(place: number): number {
  let ranks = FEWEST_RANKS;
  while (ranks < MOST_RANKS && place > 0.8 * ranks) ranks = Math.min(2 * ranks, MOST_RANKS);
  return ranks;
}
