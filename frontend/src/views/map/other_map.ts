/** Shows the tokens where they are in the other run, in a map beside that of the run on screen. */

import type { FieldSource } from "../../density_and_regions/field_source";
import { Scatter, type ScatterOptions } from "../../scatter/scatter";
import { seriesName, stepName } from "../../strings";
import { MapFields } from "./map_fields";
import type { MapSlice } from "./map_slice";
import { ScatterSync } from "./scatter_sync";

/** A second map, which is looked at from where the first one is. */
export class OtherMap {
  readonly scatter: Scatter;
  readonly fields: MapFields;
  private readonly sync: ScatterSync;

  constructor(
    readonly host: HTMLElement,
    options: ScatterOptions,
    leader: Scatter,
    source: FieldSource,
  ) {
    const onFrame = () => {
      options.onFrame();
      this.fields?.follow();
    };
    this.scatter = new Scatter(host, { ...options, onFrame }, leader);
    this.fields = new MapFields(this.scatter, source);
    this.sync = new ScatterSync(this.scatter);
  }

  update(slice: MapSlice): void {
    // Trails and arrows lead through the steps of the run on screen.
    const own = {
      ...slice,
      positions: slice.inOther && slice.positions,
      there: slice.inOther,
      trails: null,
      arrows: false,
    };
    this.sync.update(own);
    this.fields.update(own);
  }

  dispose(): void {
    this.fields.dispose();
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
