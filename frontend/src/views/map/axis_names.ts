/** Names the axes of the map. */

import type { Positions } from "../../api/contract.gen";
import type { Axes } from "../../scatter/painting/map_drawing";
import type { View } from "../../state/view";
import { text } from "../../strings";
import { polesOf } from "../../util/token_expression";

/** Returns what the map draws of its axes; null for axes that mean nothing by themselves. */
export function axesOf(positions: Positions, mode: View["mode"]): Axes | null {
  const { components, expressions, layout } = positions;
  if (layout === "tsne") return null;
  if (layout === "pca") {
    return mode === "3d" ? { names: components.map((one) => text.component(one, null)) } : null;
  }
  const ends = expressions.map((expression) =>
    expression.trim() ? polesOf(expression) : { negative: "", positive: text.orthogonal },
  );
  return mode === "3d" ? { names: ends.map(({ positive }) => positive) } : { ends };
}
