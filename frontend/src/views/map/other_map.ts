/** Shows the tokens where they are in the other run, in a map beside that of the run on screen. */

import { Scatter, type ScatterOptions } from "../../scatter/scatter";
import { seriesName, stepName } from "../../strings";
import type { MapSlice } from "./map_slice";
import { ScatterSync } from "./scatter_sync";

/** A second map, which is looked at from where the first one is. */
export class OtherMap {
  readonly scatter: Scatter;
  private readonly sync: ScatterSync;

  constructor(
    readonly host: HTMLElement,
    options: ScatterOptions,
    leader: Scatter,
  ) {
    this.scatter = new Scatter(host, options, leader);
    this.sync = new ScatterSync(this.scatter);
  }

  update(slice: MapSlice): void {
    // Trails and arrows lead through the steps of the run on screen.
    this.sync.update({
      ...slice,
      positions: slice.inOther && slice.positions,
      there: slice.inOther,
      trails: null,
      arrows: false,
    });
  }

  dispose(): void {
    this.scatter.dispose();
  }
}

/** Names what the two maps show; null where there is one. */
export function runNames({ inOther, other, positions, showsBoth }: MapSlice) {
  if (!showsBoth || !other || !positions) return null;
  return {
    // Until its positions are there, the step is not on the map.
    other: inOther ? stepName(inOther.step, other, positions) : seriesName(other, positions),
    own: stepName(positions.step, positions, other),
  };
}
