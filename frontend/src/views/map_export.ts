import type { ReactiveController, ReactiveControllerHost } from "lit";
import { download } from "../export/download";
import { fileName } from "../pictures/file_name";
import { imageOf, type Saved, savePng, saveSvg } from "../pictures/map_files";
import { film, movieType } from "../pictures/movie";
import { overlaySvg } from "../pictures/svg";
import type { Scatter } from "../scatter/scatter";
import { goToStep, patchPassing, patchView } from "../state/actions";
import { seriesOf } from "../state/derived";
import { showsStep } from "../state/pictures";
import type { Store } from "../state/store";
import { text } from "../strings";
import { colorName } from "./legend";
import type { MapFile } from "./map_export_entries";
import { furnitureOf } from "./map_furniture";
import type { MapSlice } from "./map_slice";

/** What an export needs of the element that shows the map. */
export interface MapExportHost extends ReactiveControllerHost {
  readonly store: Store;
  readonly exported: { readonly scatter: Scatter; readonly slice: MapSlice } | null;
}

const SAID_MS = 8000;

/** Makes files of the map, and says how far that is and what was saved. */
export class MapExport implements ReactiveController {
  /** How much of a film is done, 0..1; null while none is made. */
  progress: number | null = null;
  /** What was saved last, or why it was not; null once that was read. */
  said: string | null = null;
  /** Called after each frame of the map. */
  readonly listeners = new Set<() => void>();
  private cancelling: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: MapExportHost) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.cancel();
    clearTimeout(this.timer);
  }

  cancel(): void {
    this.cancelling?.abort();
  }

  async make(file: MapFile): Promise<void> {
    const { exported } = this.host;
    if (!exported?.slice.positions || this.progress !== null) return;
    const { scatter, slice } = exported;
    try {
      const furniture = furnitureOf(slice, scatter.isStretched);
      const parts = [...this.names(slice), `step-${slice.step}`];
      if (file === "png") this.say(wordsOf(await savePng(scatter, furniture, parts)));
      else if (file === "svg") this.say(wordsOf(saveSvg(scatter, furniture, parts)));
      else await this.film(scatter, slice);
    } catch (error) {
      this.say(text.pictureFailed(error instanceof Error ? error.message : String(error)));
    }
  }

  private names({ positions }: MapSlice): string[] {
    return [positions?.run ?? "", positions?.tag ?? "", "map"];
  }

  private async film(scatter: Scatter, slice: MapSlice): Promise<void> {
    const { store } = this.host;
    const type = movieType();
    const steps = seriesOf(store.state)?.steps ?? [];
    if (type === null || !steps.length) return;
    const { history, view } = store.state;
    const cancelling = new AbortController();
    this.cancelling = cancelling;
    store.update(patchPassing({ playing: false }));
    this.report(0);
    try {
      const made = await film(
        {
          scatter,
          steps: steps.length,
          show: (at, signal) => this.show(steps[at] ?? 0, signal),
          furnish: await this.furnisher(scatter, slice, steps),
          onFrame: (callback) => {
            this.listeners.add(callback);
            scatter.redraw();
            return () => this.listeners.delete(callback);
          },
          progress: (share) => this.report(share),
        },
        type,
        cancelling.signal,
      );
      if (made === null) this.say(text.filmCancelled);
      else {
        const name = fileName([...this.names(slice), "steps"], extensionOf(type));
        download(made, name);
        this.say(text.saved(name));
      }
    } finally {
      this.progress = null;
      this.cancelling = null;
      // The steps that were filmed are none that the user went to.
      store.update((state) => ({ ...patchView({ step: view.step })(state), history }));
      this.host.requestUpdate();
    }
  }

  /** Goes to a step, and waits until the map has its points. */
  private async show(step: number, signal: AbortSignal): Promise<void> {
    const { store } = this.host;
    store.update(goToStep(step));
    while (!showsStep(store.state) && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  /** Draws the legend, and the name of the step, upon a frame. */
  private async furnisher(scatter: Scatter, slice: MapSlice, steps: readonly number[]) {
    const furniture = furnitureOf(slice, scatter.isStretched);
    const { canvas } = scatter;
    const size = { width: canvas.clientWidth, height: canvas.clientHeight };
    const ratio = canvas.width / size.width;
    // What is said of one step is not true of another: only what holds for all is drawn once.
    const legend = furniture.legend && { ...furniture.legend, title: legendTitle(slice) };
    const lasting = { ...furniture, title: "", lines: [], legend };
    const image = await imageOf(overlaySvg(lasting, size));
    return (brush: CanvasRenderingContext2D, at: number) => {
      brush.drawImage(image, 0, 0, brush.canvas.width, brush.canvas.height);
      const title = furnitureOf({ ...slice, step: steps[at] ?? null }, false).title;
      brush.font = `600 ${13 * ratio}px ${furniture.font}`;
      brush.textBaseline = "top";
      const width = brush.measureText(title).width;
      brush.fillStyle = furniture.ground;
      brush.fillRect(8 * ratio, 6 * ratio, width + 8 * ratio, 21 * ratio);
      brush.fillStyle = furniture.text;
      brush.fillText(title, 12 * ratio, 10 * ratio);
    };
  }

  private report(share: number): void {
    this.progress = share;
    this.said = null;
    this.host.requestUpdate();
  }

  private say(words: string): void {
    this.said = words;
    this.host.requestUpdate();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.said = null;
      this.host.requestUpdate();
    }, SAID_MS);
  }
}

function legendTitle({ colors }: MapSlice): string {
  return colors ? colorName(colors) : "";
}

function wordsOf({ name, points, of }: Saved): string {
  return points < of ? text.savedSome(name, points, of) : text.saved(name);
}

function extensionOf(type: string): string {
  return type.startsWith("video/mp4") ? "mp4" : "webm";
}
