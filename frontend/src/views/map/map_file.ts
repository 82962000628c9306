/** Makes a file of the map: an image, or an animated GIF of its steps. */

import type { FilmScene } from "../../image_export/gif";
import { MOST_SVG_POINTS, mapSvg, overlaySvg } from "../../image_export/map_svg";
import { imageOf, LONGEST, savePng, saveSvg } from "../../image_export/save_image";
import { brushOf } from "../../scatter/canvas_brush";
import type { Size } from "../../scatter/geometry";
import { countInView, vectorPictureOf } from "../../scatter/painting/vector_picture";
import { showsBothRuns, showsStep } from "../../selectors/map/map_layout";
import { goToStep, patchPassing, patchView } from "../../state/actions";
import { seriesOf, stepOf } from "../../state/current";
import type { State } from "../../state/state";
import type { Store } from "../../state/store";
import { text } from "../../strings";
import { FAMILY } from "../../theme/palette";
import { download, fileName } from "../../util/download";
import { type MapFile, type Preview, stepsOf } from "../shared/export_map_event";
import { colorName } from "./color_legend";
import { annotationsOf, filmLines, filmNames } from "./image_annotations";
import type { MapSlice } from "./map_slice";
import { MapStage, type Sheet } from "./map_stage";

/** The map on screen, and the callback for progress. */
export interface MapFileTask {
  readonly store: Store;
  readonly screen: Size;
  readonly signal: AbortSignal;
  report(share: number): void;
}

/** Sizes in CSS pixels: labels are as large on each as they are to be read. */
const SHEETS: Readonly<Record<Exclude<MapFile["size"], "screen">, Sheet>> = {
  "1080p": { width: 1280, height: 720, ratio: 1.5 },
  "4k": { width: 1920, height: 1080, ratio: 2 },
};
const SCREEN_RATIO = 2;
/** Pixels of the longer side of a film as large as the screen, and of a preview. */
const LONGEST_FILM = 800;
const LONGEST_PREVIEW = 800;
const BAR_PX = 4;

/** Returns the extent of a picture whose longer side has at most so many pixels. */
export function sheetOf({ size, format }: MapFile, screen: Size): Sheet {
  const sheet = size === "screen" ? { ...screen, ratio: SCREEN_RATIO } : SHEETS[size];
  return within(sheet, size === "screen" && format === "gif" ? LONGEST_FILM : LONGEST);
}

function within(sheet: Sheet, longest: number): Sheet {
  const most = longest / Math.max(sheet.width, sheet.height);
  return { ...sheet, ratio: Math.min(sheet.ratio, most) };
}

/** Makes a file of the map and saves it; returns a message about the result. */
export async function makeMapFile(file: MapFile, task: MapFileTask): Promise<string> {
  const stage = new MapStage(task.store, file, sheetOf(file, task.screen));
  try {
    await stage.settled(task.signal);
    if (file.format === "gif") return await filmed(file, stage, task);
    const parts = [...namesOf(stage.slice), `step-${stage.slice.step}`];
    if (file.format === "png") return text.saved(await savePng(await pictured(stage), parts));
    const { drawings } = stage;
    const most = MOST_SVG_POINTS / drawings.length;
    const pictures = drawings.map((one) => vectorPictureOf(one, most, performance.now()));
    const name = saveSvg(mapSvg(pictures, stage.annotations, stage.sheet), parts);
    const of = total(drawings.map(countInView));
    const points = total(pictures.map((one) => one.points.length));
    return points < of ? text.savedSome(name, points, of) : text.saved(name);
  } finally {
    stage.dispose();
  }
}

/** Makes a small picture of what a file would be. */
export async function previewOf(file: MapFile, task: MapFileTask): Promise<Preview> {
  const sheet = sheetOf(file, task.screen);
  const stage = new MapStage(task.store, file, within(sheet, LONGEST_PREVIEW));
  try {
    await stage.settled(task.signal);
    const pixels = (side: number) => Math.round(side * sheet.ratio);
    const picture = await pictured(stage);
    if (file.format === "gif") progressBar(brushOf(picture), 1, stage);
    return { picture, width: pixels(sheet.width), height: pixels(sheet.height) };
  } finally {
    stage.dispose();
  }
}

async function pictured(stage: MapStage): Promise<HTMLCanvasElement> {
  const picture = stage.picture();
  const overlay = await imageOf(overlaySvg(stage.annotations, stage.sheet));
  brushOf(picture).drawImage(overlay, 0, 0, picture.width, picture.height);
  return picture;
}

function namesOf({ positions, showsBoth, other }: MapSlice): string[] {
  const runs = [positions?.run ?? "", ...(showsBoth && other ? [other.run] : [])];
  return [...runs, positions?.tag ?? "", "map"];
}

const total = (counts: readonly number[]) => counts.reduce((sum, one) => sum + one, 0);

/** Shows the steps, records them as a GIF, and returns to the step that was on screen. */
async function filmed(file: MapFile, stage: MapStage, task: MapFileTask): Promise<string> {
  const { store, signal } = task;
  const steps = stepsOf(file, seriesOf(store.state)?.steps ?? []);
  const { history, view } = store.state;
  task.report(0);
  try {
    const { gif, GIF_STEP_MS } = await import("../../image_export/gif");
    store.update(patchPassing({ playing: false, filming: GIF_STEP_MS }));
    const scene: FilmScene = {
      canvas: stage.canvas,
      steps: steps.length,
      shownMs: 1000 * file.stepSeconds,
      show: (at, until) => show(store, steps[at] ?? 0, until),
      pace: (ms) => store.update(patchPassing({ filming: ms })),
      annotate: await annotator(stage, steps),
      onFrame: (callback) => {
        stage.listeners.add(callback);
        stage.redraw();
        return () => stage.listeners.delete(callback);
      },
      redraw: () => stage.redraw(),
      isMoving: () => stage.drawings.some(({ scene }) => scene.isMoving),
      progress: (share) => task.report(share),
    };
    const made = await gif(scene, signal);
    if (made === null) return text.filmCancelled;
    return text.saved(download(made, fileName([...namesOf(stage.slice), "steps"], "gif")));
  } finally {
    store.update(patchPassing({ filming: null }));
    // The recorded steps do not belong in the undo history.
    store.update((state) => ({ ...patchView({ step: view.step })(state), history }));
  }
}

/** Shows a step, waits until the map has its points, and returns to the step if it changes meanwhile. */
async function show(store: Store, step: number, signal: AbortSignal): Promise<void> {
  const isThere = () =>
    stepOf(store.state) === step && showsStep(store.state) && showsOther(store.state);
  while (!signal.aborted) {
    if (stepOf(store.state) !== step) store.update(goToStep(step));
    if (stepOf(store.state) !== step) throw new Error(text.stepGone);
    if (isThere()) return;
    const { failure } = store.state.slots.positions;
    if (failure) throw new Error(failure.message);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** Returns whether the map has the points of the other run, too, where it shows both. */
function showsOther(state: State): boolean {
  return !showsBothRuns(state) || state.slots.referencePositions.pending === null;
}

/** Returns a function that draws the legend, the name of the step and the progress on a frame. */
async function annotator(stage: MapStage, steps: readonly number[]) {
  const { annotations, slice, sheet } = stage;
  // The legend is drawn once, so it only has texts that hold for all steps.
  const title = slice.colors ? colorName(slice.colors) : "";
  const legend = annotations.legend && { ...annotations.legend, title };
  const color = legend ? [] : [text.colorsShow(title)];
  const lines = [...filmLines(slice, steps), ...color];
  const names = filmNames(slice, annotations.names);
  const image = await imageOf(
    overlaySvg({ ...annotations, title: "", lines, names, legend }, sheet),
  );
  return (brush: CanvasRenderingContext2D, at: number) => {
    const { ratio } = sheet;
    brush.drawImage(image, 0, 0, brush.canvas.width, brush.canvas.height);
    const { title } = annotationsOf({ ...slice, step: steps[at] ?? null }, false);
    brush.font = `600 ${13 * ratio}px ${FAMILY}`;
    brush.textBaseline = "top";
    const width = brush.measureText(title).width;
    brush.fillStyle = annotations.palette.ground;
    brush.fillRect(8 * ratio, 6 * ratio, width + 8 * ratio, 21 * ratio);
    brush.fillStyle = annotations.palette.text;
    brush.fillText(title, 12 * ratio, 10 * ratio);
    progressBar(brush, steps.length > 1 ? at / (steps.length - 1) : 1, stage);
  };
}

function progressBar(brush: CanvasRenderingContext2D, share: number, stage: MapStage): void {
  const { hairline, accent } = stage.annotations.palette;
  const { width, height } = brush.canvas;
  const bar = BAR_PX * stage.sheet.ratio;
  brush.fillStyle = hairline;
  brush.fillRect(0, height - bar, width, bar);
  brush.fillStyle = accent;
  brush.fillRect(0, height - bar, width * share, bar);
}
