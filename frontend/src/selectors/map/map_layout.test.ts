/** Tests the layout of the map. */

import { describe, expect, it } from "vitest";
import type { Positions } from "../../api/contract.gen";
import { patchView } from "../../state/actions";
import { chooseComponent, chooseExpression } from "../../state/map_actions";
import { initialState } from "../../state/state";
import { layoutAsk, modeOf } from "../shared/asked_layout";
import { pointsOf, showsOldLayout } from "./map_layout";

const state = initialState();

describe("what is asked of a layout", () => {
  it("are as many components as are shown", () => {
    expect(layoutAsk(state)).toEqual({ layout: "pca", components: "2d" });
    expect(layoutAsk(patchView({ mode: "3d" })(state)).components).toBe("3d");
    const named = patchView({ components: [1, 2, 3] })(state);
    expect(layoutAsk(named)).toEqual({ layout: "pca", components: "1.2" });
    expect(layoutAsk(patchView({ mode: "3d", components: [4, 2, 9] })(state))).toEqual({
      layout: "pca",
      components: "4.2.9",
    });
  });

  it("are axes once one is named, and the components until then", () => {
    const none = patchView({ layout: "axes" })(state);
    expect([layoutAsk(none).layout, showsOldLayout(none)]).toEqual(["pca", true]);
    const other = chooseExpression(1, "film")(none);
    expect(layoutAsk(other)).toEqual({ layout: "axes", x: "", y: "film", z: "" });
    expect(showsOldLayout(other)).toBe(false);
    const one = chooseExpression(0, "good - bad")(none);
    const two = chooseExpression(1, "film")(one);
    expect(layoutAsk(two)).toEqual({ layout: "axes", x: "good - bad", y: "film", z: "" });
    expect(modeOf(patchView({ mode: "3d" })(two))).toBe("2d");
    const three = chooseExpression(2, "book")(patchView({ mode: "3d" })(two));
    expect([modeOf(three), layoutAsk(three).z]).toEqual(["3d", "book"]);
  });

  it("is flat for a layout of two coordinates, and 3-D comes back after it", () => {
    const flat = patchView({ layout: "tsne", mode: "3d" })(state);
    expect([modeOf(flat), layoutAsk(flat)]).toEqual(["2d", { layout: "tsne" }]);
    expect(modeOf(patchView({ layout: "pca" })(flat))).toBe("3d");
  });
});

it("exchanges two axes instead of showing one component twice", () => {
  const { components } = chooseComponent(0, 2)(state).view;
  expect(components).toEqual([2, 1, 3]);
  expect(chooseComponent(1, 7)(state).view.components).toEqual([1, 7, 3]);
});

it("leaves the choice to the server again once it is the same", () => {
  const byRule = { components_by_rule: [1, 0, 2] } as unknown as Positions;
  const slots = { ...state.slots, positions: { ...state.slots.positions, value: byRule } };
  const chosen = { ...state, slots };
  const other = chooseComponent(1, 2)(chosen);
  expect(other.view.components).toEqual([1, 2, 0]);
  expect(chooseComponent(1, 0)(other).view.components).toEqual([]);
});

it("raises flat positions into space, once", () => {
  const answer = {
    layout: "pca",
    components: [1, 2],
    expressions: [],
    positions: Float32Array.of(1, 2, 3, 4),
  } as unknown as Positions;
  expect([...pointsOf(answer)]).toEqual([1, 2, 0, 3, 4, 0]);
  expect(pointsOf(answer)).toBe(pointsOf(answer));
  const deep = { ...answer, components: [1, 2, 3], positions: Float32Array.of(1, 2, 3) };
  expect(pointsOf(deep)).toBe(deep.positions);
});
