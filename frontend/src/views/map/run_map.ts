/** Shows the tokens of a run in a map, and those of the other run in a map beside it. */

import type { FieldSource } from "../../density_and_regions/field_source";
import { Scatter, type ScatterOptions } from "../../scatter/scatter";
import { seriesName, stepName } from "../../strings";
import { MapFields } from "./map_fields";
import type { MapSlice } from "./map_slice";
import { ScatterSync } from "./scatter_sync";

export class RunMap {
  readonly scatter: Scatter;
  readonly fields: MapFields;
  readonly sync: ScatterSync;

  /**
   * @param leader the map of the run on screen; this one shows the tokens where they are in the other
   *   run, and is looked at from where that one is
   */
  constructor(
    readonly host: HTMLElement,
    options: ScatterOptions,
    source: FieldSource,
    private readonly leader: RunMap | null = null,
  ) {
    const onFrame = () => {
      options.onFrame();
      this.fields?.follow();
    };
    this.scatter = new Scatter(host, { ...options, onFrame }, leader?.scatter);
    this.fields = new MapFields(this.scatter, source);
    this.sync = new ScatterSync(this.scatter);
  }

  update(slice: MapSlice): void {
    const shown = this.leader ? inOtherRun(slice) : slice;
    this.sync.update(shown);
    this.fields.update(shown);
  }

  dispose(): void {
    this.fields.dispose();
    this.scatter.dispose();
  }
}

/** Trails and arrows lead through the steps of the run on screen. */
function inOtherRun(slice: MapSlice): MapSlice {
  const { inOther, positions } = slice;
  return { ...slice, positions: inOther && positions, there: inOther, trails: null, arrows: false };
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
