/** Draws a matrix of similarity: one pixel for each pair of steps. */

import type { SimilarityMatrix } from "../../api/contract.gen";

/** Returns the pixels: the more alike, the nearer to `high`; transparent where nothing is known. */
export function similarityPixels(
  { from_steps, to_steps, values }: SimilarityMatrix,
  [least, most]: readonly [number, number],
  low: string,
  high: string,
): ImageData {
  const image = new ImageData(to_steps.length, from_steps.length);
  const [from, to] = [channelsOf(low), channelsOf(high)];
  values.forEach((value, at) => {
    if (Number.isNaN(value)) return;
    const share = most > least ? (value - least) / (most - least) : 1;
    for (let channel = 0; channel < 3; channel++) {
      const [a = 0, b = 0] = [from[channel], to[channel]];
      image.data[4 * at + channel] = Math.round(a + share * (b - a));
    }
    image.data[4 * at + 3] = 255;
  });
  return image;
}

/** Returns red, green and blue of a color such as `#5747c4`. */
function channelsOf(color: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}
