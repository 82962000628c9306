/** Draws the map off screen, in the size and the theme of a file. */

import { AT_ONCE } from "../../density_and_regions/field_source";
import { annotationBoxes, type MapAnnotations, partsOf } from "../../image_export/map_annotations";
import { brushOf, resizeCanvas } from "../../scatter/canvas_brush";
import type { Drawing } from "../../scatter/painting/map_drawing";
import { type Box, Scatter, type ScatterOptions } from "../../scatter/scatter";
import type { Store } from "../../state/store";
import type { MapFile } from "../shared/export_map_event";
import { annotationsOf, withoutLegend } from "./image_annotations";
import { MapFields } from "./map_fields";
import { type MapSlice, mapSlice } from "./map_slice";
import { OtherMap } from "./other_map";
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

/** A map off screen, of one run or two. It follows the state, as the one on screen does. */
export class MapStage {
  readonly scatter: Scatter;
  /** Called after each frame. */
  readonly listeners = new Set<() => void>();
  /** The sheet, with the last frame of each map. */
  readonly canvas = document.createElement("canvas");
  private readonly brush = brushOf(this.canvas);
  private readonly host = document.createElement("div");
  private readonly sync: ScatterSync;
  private readonly fields: MapFields;
  private readonly other: OtherMap | null;
  private readonly leave: () => void;
  private drawnAt = performance.now();

  constructor(
    private readonly store: Store,
    private readonly file: MapFile,
    readonly sheet: Sheet,
  ) {
    resizeCanvas(this.canvas, sheet, sheet.ratio);
    place(this.host, { ...sheet, left: -100000, top: 0 }, "fixed");
    this.host.inert = true;
    document.body.append(this.host);
    const parts = partsOf(sheet, this.slice.showsBoth ? 2 : 1);
    const [other, own] = [parts[0] as Box, parts.at(-1) as Box];
    this.scatter = new Scatter(
      this.hostOf(own),
      this.options(own, () => this.scatter),
    );
    this.other =
      other === own
        ? null
        : new OtherMap(
            this.hostOf(other),
            this.options(other, () => this.other?.scatter),
            this.scatter,
            AT_ONCE,
          );
    for (const drawing of this.drawings) drawing.hasLabels = file.labels;
    this.sync = new ScatterSync(this.scatter);
    this.fields = new MapFields(this.scatter, AT_ONCE);
    this.update();
    this.leave = store.subscribe(() => this.update());
  }

  /** Returns the drawings, one for each part of the sheet. */
  get drawings(): readonly Drawing[] {
    const { other, scatter } = this;
    return [...(other ? [other.scatter.drawing] : []), scatter.drawing];
  }

  private hostOf(part: Box): HTMLElement {
    const host = document.createElement("div");
    place(host, part, "absolute");
    this.host.append(host);
    return host;
  }

  private options(part: Box, map: () => Scatter | undefined): ScatterOptions {
    const { height, ratio } = this.sheet;
    const nothing = () => undefined;
    return {
      onHover: nothing,
      onPick: nothing,
      onRegionHover: nothing,
      onRegionPick: nothing,
      lassoing: () => false,
      onLasso: nothing,
      onFrame: () => this.onFrame(part, map()),
      reserved: () => {
        const { title, names, legend } = annotationBoxes(this.annotations, this.sheet);
        return [title, ...names, ...(legend ? [legend] : [])].map((box) => ({
          ...box,
          left: box.left - part.left,
          top: box.top - part.top,
        }));
      },
      insets: () => {
        const { title, names, legend } = annotationBoxes(this.annotations, this.sheet);
        const most = MOST_INSET * height;
        const top = title.height + (names[0]?.height ?? 0);
        return { top: Math.min(top, most), bottom: Math.min(legend?.height ?? 0, most), left: 0 };
      },
      ratio,
      isWhole: true,
    };
  }

  get slice(): MapSlice {
    const slice = mapSlice(this.store.state);
    return { ...slice, hovered: null, theme: this.file.theme ?? slice.theme };
  }

  /** Returns the texts upon the picture. */
  get annotations(): MapAnnotations {
    const all = annotationsOf(this.slice, this.scatter?.viewpoint.isStretched ?? false);
    return this.file.legend ? all : withoutLegend(all);
  }

  /** Waits until nothing moves and all labels are there, however long a frame takes. */
  async settled(signal: AbortSignal): Promise<void> {
    const isPending = () => this.scatter.isPending || this.other?.scatter.isPending;
    const isStill = () => !isPending() && performance.now() - this.drawnAt > STILL_MS;
    while (!signal.aborted && !isStill()) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Copies the sheet. */
  picture(): HTMLCanvasElement {
    const brush = brushOf();
    Object.assign(brush.canvas, { width: this.canvas.width, height: this.canvas.height });
    brush.drawImage(this.canvas, 0, 0);
    return brush.canvas;
  }

  private update(): void {
    this.sync.update(this.slice);
    this.fields.update(this.slice);
    this.other?.update(this.slice);
  }

  dispose(): void {
    this.leave();
    this.other?.dispose();
    this.scatter.dispose();
    this.host.remove();
  }

  /** Takes over a frame: the pixels of a map can be read only right after it was drawn. */
  private onFrame({ left, top, width, height }: Box, map: Scatter | undefined): void {
    const { ratio } = this.sheet;
    this.drawnAt = performance.now();
    const at = [left, top, width, height].map((one) => one * ratio);
    if (map) this.brush.drawImage(map.canvas, ...(at as [number, number, number, number]));
    // The other map follows its fields by itself.
    if (map === this.scatter) this.fields?.follow();
    for (const listener of [...this.listeners]) listener();
  }
}

function place({ style }: HTMLElement, { left, top, width, height }: Box, position: string): void {
  const [x, y, wide, high] = [left, top, width, height].map((length) => `${length}px`);
  Object.assign(style, { position, left: x, top: y, width: wide, height: high });
}
