/** Computes the fields that the map draws under its points and between them. */

import { bandwidthOf, coverageOf, type DensityField, densityOf } from "./density";
import type { Window } from "./field_window";
import { type Flow, flowOf } from "./flow";
import { type Ground, type Region, regionsOf } from "./regions";

/** Which fields are wanted, and where. */
export interface FieldsAsk {
  readonly window: Window;
  readonly density: boolean;
  readonly densityBefore: boolean;
  /** Where the points went since the reference. */
  readonly flow: boolean;
  readonly regions: boolean;
}

export interface Fields {
  readonly density: DensityField | null;
  readonly densityBefore: DensityField | null;
  readonly flow: Flow | null;
  readonly regions: readonly Region[];
}

export const NO_FIELDS: Fields = { density: null, densityBefore: null, flow: null, regions: [] };

export function fieldsOf(ground: Ground, ask: FieldsAsk): Fields {
  const { points, before, drawn } = ground;
  const { window } = ask;
  const bandwidth = bandwidthOf(points, window);
  const density = (of: Float32Array): DensityField => ({
    window,
    coverage: coverageOf(densityOf(of, window, bandwidth, drawn)),
  });
  return {
    density: ask.density ? density(points) : null,
    densityBefore: ask.densityBefore && before ? density(before) : null,
    flow: ask.flow && before ? flowOf(points, before, window, drawn) : null,
    regions: ask.regions ? regionsOf(ground, window) : [],
  };
}
