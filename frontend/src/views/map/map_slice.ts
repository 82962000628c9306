/** Selects what the map shows of the state. */

import type { Positions, Quality, Trails } from "../../api/contract.gen";
import { comparedRows, marksOf } from "../../selectors/compared_tokens";
import { frequencyOf } from "../../selectors/frequency";
import { isolatedMask, isolatedRows } from "../../selectors/isolation";
import { labelPriority } from "../../selectors/label_priority";
import { labelsOf } from "../../selectors/labels";
import { modeOf, qualityOf } from "../../selectors/map_layout";
import { mapStep, previewedStep } from "../../selectors/map_step";
import { type ColorValues, colorsOf, type SizeValues, sizesOf } from "../../selectors/point_colors";
import { searchMask } from "../../selectors/search_result";
import { setColorsOf, shownSets } from "../../selectors/set_colors";
import type { State } from "../../state/state";
import type { RowSet, View } from "../../state/view";
import type { Theme } from "../../theme/palette";

export interface MapSlice {
  positions: Positions | null;
  first: Positions | null;
  newest: Positions | null;
  labels: readonly string[];
  priority: Uint32Array | null;
  colors: ColorValues | null;
  sizes: SizeValues | null;
  /** The saved selections that are shown, and of each row which of their colors it has. */
  sets: readonly RowSet[];
  setColors: Uint8Array | null;
  mask: Uint8Array | null;
  selection: readonly number[];
  /** The rows that alone are drawn, and the same as a mask; null where all are. */
  isolated: readonly number[] | null;
  isolatedMask: Uint8Array | null;
  trails: Trails | null;
  arrows: boolean;
  /** Where arrows come from; null without. */
  reference: Positions | null;
  /** Which of the palette's marks the selected rows have. */
  marks: ReadonlyMap<number, number>;
  quality: Quality | null;
  /** How much of the work for it is done, 0..1; null while there is none. */
  judged: number | null;
  step: number | null;
  /** The same, where it is that of a chart below the pointer; null else. */
  previewed: number | null;
  mode: View["mode"];
  axes: View["axes"];
  eye: View["eye"];
  hovered: number | null;
  frequency: readonly (number | null)[] | null;
  theme: Theme;
  speed: number;
  playing: boolean;
  /** See `Passing`. */
  filming: number | null;
  loading: boolean;
}

export function mapSlice(current: State): MapSlice {
  const { slots, view, passing } = current;
  return {
    positions: slots.positions.value,
    first: slots.firstPositions.value,
    newest: slots.newestPositions.value,
    labels: labelsOf(current),
    priority: labelPriority(current),
    colors: colorsOf(current),
    sizes: sizesOf(current),
    sets: shownSets(view.sets),
    setColors: setColorsOf(current),
    mask: searchMask(current),
    reference: view.arrows ? slots.referencePositions.value : null,
    arrows: view.arrows,
    selection: view.selection,
    isolated: isolatedRows(current),
    isolatedMask: isolatedMask(current),
    trails: slots.trails.value,
    marks: marksOf(comparedRows(current)),
    quality: qualityOf(current),
    judged: slots.quality.job?.progress ?? null,
    step: mapStep(current),
    previewed: previewedStep(current),
    mode: modeOf(current),
    axes: view.axes,
    eye: view.eye,
    hovered: passing.hover,
    frequency: frequencyOf(current),
    theme: passing.theme,
    speed: passing.speed,
    playing: passing.playing,
    filming: passing.filming,
    loading: slots.positions.pending !== null && !slots.positions.job,
  };
}
