/** Sorts the values of a text column into categories, and gives them colors. */

import { filled } from "../../util/fill_array";
import { memo } from "../../util/memo";

/** A value of a text column. */
export interface Category {
  readonly name: string;
  readonly count: number;
  /** The place of its color among the palette's categories; null where it has that of others. */
  readonly color: number | null;
}

/** The number of values that have colors of their own unless the user gives away more. */
export const MOST_COLORED = 12;
/** The number of colors. */
const CATEGORY_COLORS = 20;

/** Returns all values and how often each occurs, the most frequent first. */
export const countValues = memo((texts: ArrayLike<string>) => {
  const times = new Map<string, number>();
  for (let row = 0; row < texts.length; row++) {
    const text = texts[row] as string;
    times.set(text, (times.get(text) ?? 0) + 1);
  }
  return [...times].sort(([, a], [, b]) => b - a);
}, 4);

export const valuePlaces = memo((texts: ArrayLike<string>) => {
  const places = new Map(countValues(texts).map(([text], place) => [text, place]));
  return filled(
    new Float32Array(texts.length),
    (row) => places.get(texts[row] as string) ?? Number.NaN,
  );
});

/** Gives the largest values colors, and those that the user chose. */
export const withColors = memo(
  (byTimes: readonly (readonly [string, number])[], chosen: readonly string[]): Category[] =>
    byTimes.map(([name, count], place) => {
      const asked = chosen.indexOf(name);
      const more = MOST_COLORED + (asked % (CATEGORY_COLORS - MOST_COLORED));
      return { name, count, color: place < MOST_COLORED ? place : asked < 0 ? null : more };
    }),
);

/** Returns the entry of the categorical colormap of each row. */
export const colorEntries = memo((categories: readonly Category[], values: Float32Array) =>
  values.map((place) => categories[place]?.color ?? CATEGORY_COLORS),
);
