/** Makes a file of the map: an image, or an animated GIF of all steps. */

import type { FilmScene } from "../../image_export/gif";
import { overlaySvg } from "../../image_export/map_svg";
import { imageOf, saveMap } from "../../image_export/save_image";
import type { Scatter } from "../../scatter/scatter";
import { showsStep } from "../../selectors/map_layout";
import { goToStep, patchPassing, patchView } from "../../state/actions";
import { seriesOf, stepOf } from "../../state/current";
import type { Store } from "../../state/store";
import { text } from "../../strings";
import { FAMILY } from "../../theme/typography";
import { download, fileName } from "../../util/download";
import type { MapFile } from "../shared/export_map_event";
import { colorName } from "./color_legend";
import { annotationsOf } from "./image_annotations";
import type { MapSlice } from "./map_slice";

/** The map to export, and the callbacks for progress and frames. */
export interface MapFileTask {
  readonly scatter: Scatter;
  readonly slice: MapSlice;
  readonly store: Store;
  readonly signal: AbortSignal;
  report(share: number): void;
  onFrame(callback: () => void): () => void;
}

/** Makes a file of the map and saves it; returns a message about the result. */
export async function makeMapFile(file: MapFile, task: MapFileTask): Promise<string> {
  const { scatter, slice } = task;
  if (file === "gif") return filmed(task);
  const annotations = annotationsOf(slice, scatter.viewpoint.isStretched);
  const parts = [...namesOf(slice), `step-${slice.step}`];
  const { name, points = 0, of = 0 } = await saveMap(scatter, file, annotations, parts);
  return points < of ? text.savedSome(name, points, of) : text.saved(name);
}

function namesOf({ positions }: MapSlice): string[] {
  return [positions?.run ?? "", positions?.tag ?? "", "map"];
}

/** Shows all steps, records them as a GIF, and returns to the step that was on screen. */
async function filmed(task: MapFileTask): Promise<string> {
  const { scatter, slice, store, signal } = task;
  const steps = seriesOf(store.state)?.steps ?? [];
  const { history, view } = store.state;
  task.report(0);
  try {
    const { gif, GIF_STEP_MS } = await import("../../image_export/gif");
    store.update(patchPassing({ playing: false, filming: GIF_STEP_MS }));
    const scene: FilmScene = {
      scatter,
      steps: steps.length,
      show: (at, until) => show(store, steps[at] ?? 0, until),
      pace: (ms) => store.update(patchPassing({ filming: ms })),
      annotate: await annotator(scatter, slice, steps),
      onFrame: (callback) => {
        const end = task.onFrame(callback);
        scatter.redraw();
        return end;
      },
      progress: (share) => task.report(share),
    };
    const made = await gif(scene, signal);
    if (made === null) return text.filmCancelled;
    const name = fileName([...namesOf(slice), "steps"], "gif");
    download(made, name);
    return text.saved(name);
  } finally {
    store.update(patchPassing({ filming: null }));
    // The recorded steps do not belong in the undo history.
    store.update((state) => ({ ...patchView({ step: view.step })(state), history }));
  }
}

/** Shows a step, waits until the map has its points, and returns to the step if it changes meanwhile. */
async function show(store: Store, step: number, signal: AbortSignal): Promise<void> {
  const isThere = () => stepOf(store.state) === step && showsStep(store.state);
  while (!signal.aborted) {
    if (stepOf(store.state) !== step) store.update(goToStep(step));
    if (stepOf(store.state) !== step) throw new Error(text.stepGone);
    if (isThere()) return;
    const { failure } = store.state.slots.positions;
    if (failure) throw new Error(failure.message);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

/** Returns a function that draws the legend and the name of the step on a frame. */
async function annotator(scatter: Scatter, slice: MapSlice, steps: readonly number[]) {
  const annotations = annotationsOf(slice, scatter.viewpoint.isStretched);
  const { canvas } = scatter;
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  // The legend is drawn once, so it only has texts that hold for all steps.
  const title = slice.colors ? colorName(slice.colors) : "";
  const legend = annotations.legend && { ...annotations.legend, title };
  const image = await imageOf(overlaySvg({ ...annotations, title: "", lines: [], legend }, size));
  return (brush: CanvasRenderingContext2D, at: number) => {
    const ratio = brush.canvas.width / size.width;
    brush.drawImage(image, 0, 0, brush.canvas.width, brush.canvas.height);
    const { title } = annotationsOf({ ...slice, step: steps[at] ?? null }, false);
    brush.font = `600 ${13 * ratio}px ${FAMILY}`;
    brush.textBaseline = "top";
    const width = brush.measureText(title).width;
    brush.fillStyle = annotations.palette.ground;
    brush.fillRect(8 * ratio, 6 * ratio, width + 8 * ratio, 21 * ratio);
    brush.fillStyle = annotations.palette.text;
    brush.fillText(title, 12 * ratio, 10 * ratio);
  };
}
