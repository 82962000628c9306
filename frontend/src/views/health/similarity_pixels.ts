/** Draws a matrix of similarity: one pixel for each pair of steps. */

import type { SimilarityMatrix } from "../../api/contract.gen";
import type { Colormap } from "../../scatter/points/colormaps";

/**
 * Returns the pixels.
 *
 * @param shares the place of each value on the color scale, 0..1; NaN is transparent
 */
export function similarityPixels(
  { from_steps, to_steps }: Pick<SimilarityMatrix, "from_steps" | "to_steps">,
  shares: Float32Array,
  colormap: Colormap,
): ImageData {
  const image = new ImageData(to_steps.length, from_steps.length);
  shares.forEach((share, at) => {
    if (Number.isNaN(share)) return;
    const entry = 4 * Math.round(255 * share);
    image.data.set(colormap.subarray(entry, entry + 4), 4 * at);
  });
  return image;
}
