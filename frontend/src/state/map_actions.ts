/** Changes what the map shows: its layout, what its axes and colors mean, and its layers. */

import type { LayoutName } from "../api/contract.gen";
import { patchPassing, patchView, toggled } from "./actions";
import { componentsByRule, componentsOf, layersOf } from "./current";
import type { State } from "./state";
import { LAYERS, type MapLayer } from "./view";

export const chooseLayout = (layout: LayoutName) => (state: State) =>
  patchPassing({ cancelled: null })(patchView({ layout })(state));

export const chooseComponent = (axis: number, component: number) => (state: State) => {
  const components = [...componentsOf(state)];
  // Two axes with the same component would show a line, so they change places.
  const other = components.indexOf(component);
  if (other >= 0) components[other] = components[axis] ?? 1;
  components[axis] = component;
  const byRule = components.join() === componentsByRule(state).join();
  return patchView({ components: byRule ? [] : components })(state);
};

export const chooseExpression = (axis: 0 | 1 | 2, expression: string) => (state: State) => {
  const [x, y, z] = state.view.expressions;
  const expressions = [x, y, z] as [string, string, string];
  expressions[axis] = expression;
  return patchView({ expressions })(state);
};

/** Ends the job of a layout, and goes back to the principal components. */
export const cancelLayout = (job: string) => (state: State) =>
  patchPassing({ cancelled: job })(patchView({ layout: "pca" })(state));

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
