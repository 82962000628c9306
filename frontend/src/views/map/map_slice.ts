/** Selects what the map shows of the state. */

import { comparedRows, marksOf } from "../../selectors/compared_tokens";
import { frequencyOf } from "../../selectors/frequency";
import { isolatedMask, isolatedRows } from "../../selectors/isolation";
import { labelPriority } from "../../selectors/label_priority";
import { labelsOf } from "../../selectors/labels";
import { modeOf, qualityOf } from "../../selectors/map_layout";
import { mapStep, previewedStep } from "../../selectors/map_step";
import { colorsOf, sizesOf } from "../../selectors/point_colors";
import { searchMask } from "../../selectors/search_result";
import { setColorsOf, shownSets } from "../../selectors/set_colors";
import type { State } from "../../state/state";

export type MapSlice = ReturnType<typeof mapSlice>;

export function mapSlice(current: State) {
  const { slots, view, passing } = current;
  return {
    positions: slots.positions.value,
    first: slots.firstPositions.value,
    newest: slots.newestPositions.value,
    labels: labelsOf(current),
    priority: labelPriority(current),
    colors: colorsOf(current),
    sizes: sizesOf(current),
    /** The saved selections that are shown, and of each row which of their colors it has. */
    sets: shownSets(view.sets),
    setColors: setColorsOf(current),
    mask: searchMask(current),
    /** Where arrows come from; null without. */
    reference: view.arrows ? slots.referencePositions.value : null,
    arrows: view.arrows,
    selection: view.selection,
    /** The rows that alone are drawn, and the same as a mask; null where all are. */
    isolated: isolatedRows(current),
    isolatedMask: isolatedMask(current),
    trails: slots.trails.value,
    /** Which of the palette's marks the selected rows have. */
    marks: marksOf(comparedRows(current)),
    quality: qualityOf(current),
    /** How much of the work for it is done, 0..1; null while there is none. */
    judged: slots.quality.job?.progress ?? null,
    step: mapStep(current),
    /** The same, where it is that of a chart below the pointer; null else. */
    previewed: previewedStep(current),
    mode: modeOf(current),
    axes: view.axes,
    eye: view.eye,
    hovered: passing.hover,
    frequency: frequencyOf(current),
    theme: passing.theme,
    speed: passing.speed,
    playing: passing.playing,
    /** See `Passing`. */
    filming: passing.filming,
    loading: slots.positions.pending !== null && !slots.positions.job,
  };
}
