/** Changes the layout of the map and what its axes show. */

import type { LayoutName } from "../api/contract.gen";
import { patchPassing, patchView } from "./actions";
import { componentsByRule, componentsOf } from "./current";
import type { State } from "./state";

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
