/** Draws the map off screen, in the size and the theme of a file. */

import { AT_ONCE } from "../../fields/field_source";
import { annotationBoxes, type MapAnnotations } from "../../image_export/map_annotations";
import { brushOf } from "../../scatter/brush";
import { Scatter } from "../../scatter/scatter";
import type { Store } from "../../state/store";
import type { MapFile } from "../shared/export_map_event";
import { annotationsOf, withoutLegend } from "./image_annotations";
import { MapFields } from "./map_fields";
import { type MapSlice, mapSlice } from "./map_slice";
import { ScatterSync } from "./scatter_sync";

/** The extent of a picture, in CSS pixels, and the pixels to each of them. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
}

/** Labels are all there after nothing moved for so long. */
const STILL_MS = 400;
const LOOK_MS = 40;
/** The largest share of the height that points leave free for the title, or for the legend. */
const MOST_INSET = 0.16;

/** A map that nobody sees. It follows the state, as the one on screen does. */
export class MapStage {
  readonly scatter: Scatter;
  /** Called after each frame. */
  readonly listeners = new Set<() => void>();
  private readonly host = document.createElement("div");
  private readonly sync: ScatterSync;
  private readonly fields: MapFields | null;
  private readonly leave: () => void;
  private drawnAt = performance.now();

  constructor(
    private readonly store: Store,
    private readonly file: MapFile,
    readonly sheet: Sheet,
  ) {
    const { width, height, ratio } = sheet;
    const place = { position: "fixed", left: "-100000px", top: "0" };
    Object.assign(this.host.style, { ...place, width: `${width}px`, height: `${height}px` });
    this.host.inert = true;
    document.body.append(this.host);
    this.scatter = new Scatter(this.host, {
      onHover: () => undefined,
      onPick: () => undefined,
      onRegionHover: () => undefined,
      onRegionPick: () => undefined,
      lassoing: () => false,
      onLasso: () => undefined,
      onFrame: () => this.onFrame(),
      reserved: () => annotationBoxes(this.annotations, sheet),
      insets: () => {
        const [title, legend] = annotationBoxes(this.annotations, sheet);
        const most = MOST_INSET * height;
        const inset = (box = { height: 0 }) => Math.min(box.height, most);
        return { top: inset(title), bottom: inset(legend), left: 0 };
      },
      ratio,
    });
    this.scatter.drawing.hasLabels = file.labels;
    this.sync = new ScatterSync(this.scatter);
    this.fields = new MapFields(this.scatter, AT_ONCE);
    this.update();
    this.leave = store.subscribe(() => this.update());
  }

  get slice(): MapSlice {
    const slice = mapSlice(this.store.state);
    return { ...slice, hovered: null, theme: this.file.theme ?? slice.theme };
  }

  /** What is written upon the picture. */
  get annotations(): MapAnnotations {
    const all = annotationsOf(this.slice, this.scatter?.viewpoint.isStretched ?? false);
    return this.file.legend ? all : withoutLegend(all);
  }

  /** Waits until nothing moves and all labels are there. */
  async settled(signal: AbortSignal): Promise<void> {
    const isStill = () => performance.now() - this.drawnAt > STILL_MS;
    while (!signal.aborted && !isStill()) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Copies the map as of the next frame: only then can its pixels be read. */
  picture(): Promise<HTMLCanvasElement> {
    const { canvas } = this.scatter;
    return new Promise((resolve) => {
      const take = () => {
        this.listeners.delete(take);
        const brush = brushOf();
        Object.assign(brush.canvas, { width: canvas.width, height: canvas.height });
        brush.drawImage(canvas, 0, 0);
        resolve(brush.canvas);
      };
      this.listeners.add(take);
      this.scatter.redraw();
    });
  }

  private update(): void {
    this.sync.update(this.slice);
    this.fields?.update(this.slice);
  }

  dispose(): void {
    this.leave();
    this.scatter.dispose();
    this.host.remove();
  }

  private onFrame(): void {
    this.drawnAt = performance.now();
    this.fields?.follow();
    for (const listener of [...this.listeners]) listener();
  }
}
