/** Decides which layout of the tokens the server is asked for, and its dimensions and axes. */

import type { LayoutName, LayoutRequest, SeriesRequest } from "../../api/contract.gen";
import type { State } from "../../state/state";
import type { View } from "../../state/view";

/** The parameters of requests for positions, trails and quality. */
export type LayoutAsk = Omit<LayoutRequest, keyof SeriesRequest>;

/** Returns the chosen layout; principal components until semantic axes have an expression. */
export function layoutOf({ view }: State): LayoutName {
  const [x, y] = view.expressions;
  return view.layout === "axes" && !(x.trim() || y.trim()) ? "pca" : view.layout;
}

/** Returns how the map is drawn: a layout without depth is flat, whatever was asked for. */
export function modeOf(state: State): View["mode"] {
  const layout = layoutOf(state);
  const hasDepth = layout === "pca" || (layout === "axes" && state.view.expressions[2].trim());
  return hasDepth ? state.view.mode : "2d";
}

/** Returns the parameters of requests about the layout on the map. */
export function layoutAsk(state: State): LayoutAsk {
  const { components, expressions } = state.view;
  const layout = layoutOf(state);
  const isFlat = modeOf(state) === "2d";
  if (layout === "tsne") return { layout };
  if (layout === "pca")
    return {
      layout,
      components: components.slice(0, isFlat ? 2 : 3).join(".") || (isFlat ? "2d" : "3d"),
    };
  const [x, y, z] = expressions;
  return { layout, x, y, z: isFlat ? "" : z };
}
