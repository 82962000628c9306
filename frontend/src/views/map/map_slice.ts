/** Selects what the map shows of the state. */

import { highlightedMask, keptMask } from "../../selectors/map/dimmed_points";
import { drawnMask } from "../../selectors/map/drawn_points";
import { labelPriority } from "../../selectors/map/label_priority";
import {
  hasReferenceOnMap,
  positionsInOther,
  qualityOf,
  showsBothRuns,
  showsOldLayout,
  stepShownBefore,
  whyOneRun,
} from "../../selectors/map/map_layout";
import { neighborMarks } from "../../selectors/map/neighbor_marks";
import { colorsOf, sizesOf } from "../../selectors/map/point_colors";
import { doubtOf, doubtWorkOf } from "../../selectors/map/point_doubt";
import { setColorsOf, shownSets } from "../../selectors/map/set_colors";
import { modeOf } from "../../selectors/shared/asked_layout";
import { frequencyOf } from "../../selectors/shared/frequency";
import { isolatedRows } from "../../selectors/shared/isolation";
import { paceOf } from "../../selectors/shared/playing_pace";
import { imageColumns } from "../../selectors/shared/row_images";
import { labelsOf } from "../../selectors/shared/row_labels";
import { columnsNotInFile } from "../../selectors/table/column_values";
import { comparedRows, marksOf } from "../../selectors/token/compared_tokens";
import { layersOf, mapStep, otherSeriesOf, previewedStep } from "../../state/current";
import type { State } from "../../state/state";

export type MapSlice = ReturnType<typeof mapSlice>;

export function mapSlice(current: State) {
  const { slots, view, passing } = current;
  return {
    positions: slots.positions.value,
    first: slots.firstPositions.value,
    newest: slots.newestPositions.value,
    labels: labelsOf(current),
    images: imageColumns(current),
    priority: labelPriority(current),
    colors: colorsOf(current),
    sizes: sizesOf(current),
    /** The saved selections on the map, and the index of the color of each row. */
    sets: shownSets(view.sets),
    setColors: setColorsOf(current),
    /** 1 for each row that is not filtered out, and for each that stands out; null if all do. */
    kept: keptMask(current),
    highlighted: highlightedMask(current),
    neighbors: neighborMarks(current),
    /** The positions at the reference; null until they are asked for. */
    reference: slots.referencePositions.value,
    layers: layersOf(current),
    doubt: doubtOf(current),
    /** How far it is measured, 0..1, or why it is not; null where nothing is measured. */
    doubting: doubtWorkOf(current),
    /** Whether the page is in a file that does not hold it. */
    lacksDoubt: columnsNotInFile(current).includes("trust"),
    /** The step of the reference, if the map shows its positions besides its own. */
    shownBefore: stepShownBefore(current),
    arrows: view.arrows,
    hasReference: hasReferenceOnMap(current),
    /** The other run that drift is measured from; null without one. */
    other: otherSeriesOf(current),
    runs: view.mapRuns,
    whyOneRun: whyOneRun(current),
    /** The positions in that run, if the points are there. */
    there: view.mapRuns === "other" ? positionsInOther(current) : null,
    /** Whether both runs are shown, one beside the other; and the positions in the other one. */
    showsBoth: showsBothRuns(current),
    inOther: showsBothRuns(current) ? positionsInOther(current) : null,
    selection: view.selection,
    /** The isolated rows, and 1 for each row that is drawn; null if all are. */
    isolated: isolatedRows(current),
    drawn: drawnMask(current),
    trails: slots.trails.value,
    /** The colors of the compared rows, as indices of the palette's marks. */
    marks: marksOf(comparedRows(current)),
    quality: qualityOf(current),
    /** The progress of the job that measures the quality, 0..1; null without a job. */
    judged: slots.quality.job?.progress ?? null,
    step: mapStep(current),
    presenting: view.presenting,
    previewed: previewedStep(current),
    mode: modeOf(current),
    axes: view.axes,
    eye: view.eye,
    hovered: passing.hover,
    frequency: frequencyOf(current),
    theme: passing.theme,
    frameMs: paceOf(current).ms,
    playing: passing.playing,
    /** The time between two steps of the animated GIF that is being recorded, in ms; null without one. */
    filming: passing.filming,
    failed: slots.positions.failure !== null,
    /** Whether the map still shows another layout than the one that was asked for. */
    isOld: showsOldLayout(current),
    loading: slots.positions.pending !== null && !slots.positions.job,
  };
}
