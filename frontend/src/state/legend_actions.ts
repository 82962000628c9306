/** Changes what the points of the map are colored by, and which values have colors or are hidden. */

import { patchView, toggled } from "./actions";
import { layersOf } from "./current";
import type { State } from "./state";
import { LAYERS, type MapLayer } from "./view";

/** Colors by another column, whose values are all shown. */
export const colorBy = (id: string) =>
  patchView({ colorBy: id, coloredValues: [], hiddenValues: [] });

export const toggleColored = (name: string) => (state: State) =>
  patchView({ coloredValues: toggled(state.view.coloredValues, name) })(state);

/** Hides the tokens with a value on the map, or shows them again. */
export const toggleHidden = (name: string) => (state: State) =>
  patchView({ hiddenValues: toggled(state.view.hiddenValues, name) })(state);

export const toggleLayer = (layer: MapLayer) => (state: State) => {
  const shown = toggled(layersOf(state), layer);
  return patchView({ layers: LAYERS.filter((one) => shown.includes(one)) })(state);
};
