/** Draws the map off screen, in the size and the theme of a file. */

import { AT_ONCE } from "../../density_and_regions/field_source";
import { drawnAnnotations, type MapAnnotations, partsOf } from "../../image_export/map_annotations";
import { brushOf, resizeCanvas } from "../../scatter/canvas_brush";
import type { Drawing } from "../../scatter/painting/map_drawing";
import type { Box, Scatter, ScatterOptions } from "../../scatter/scatter";
import type { Store } from "../../state/store";
import type { MapFile } from "../shared/export_map_event";
import { annotationsOf, withoutLegend } from "./image_annotations";
import { withLayersSeen } from "./map_layers";
import { type MapSlice, mapSlice } from "./map_slice";
import { RunMap } from "./run_map";

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
  readonly listeners = new Set<() => void>();
  /** The sheet, with the last frame of each map. */
  readonly canvas = document.createElement("canvas");
  private readonly brush = brushOf(this.canvas);
  private readonly host = document.createElement("div");
  /** The map of the other run if there are two, and that of the run on screen. */
  readonly maps: readonly RunMap[];
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
    const mapIn = (part: Box, leader: RunMap | null): RunMap => {
      let map: RunMap | undefined;
      const options = this.options(part, () => map?.scatter);
      map = new RunMap(this.hostOf(part), options, AT_ONCE, leader);
      return map;
    };
    const map = mapIn(own, null);
    this.maps = other === own ? [map] : [mapIn(other, map), map];
    for (const drawing of this.drawings) drawing.hasLabels = file.labels;
    this.update();
    this.leave = store.subscribe(() => this.update());
  }

  get drawings(): readonly Drawing[] {
    return this.maps.map(({ scatter }) => scatter.drawing);
  }

  private get scatter(): Scatter | undefined {
    return this.maps?.at(-1)?.scatter;
  }

  redraw(): void {
    this.scatter?.redraw();
  }

  private hostOf(part: Box): HTMLElement {
    const host = document.createElement("div");
    place(host, part, "absolute");
    this.host.append(host);
    return host;
  }

  private options(part: Box, map: () => Scatter | undefined): ScatterOptions {
    const { height, ratio } = this.sheet;
    return {
      onFrame: () => this.onFrame(part, map()),
      reserved: () => {
        const { title, names, legend } = drawnAnnotations(this.annotations, this.sheet);
        return [title, ...names, ...(legend ? [legend] : [])].map((box) => ({
          ...box,
          left: box.left - part.left,
          top: box.top - part.top,
        }));
      },
      insets: () => {
        // The points are placed before their regions are found.
        const { title, names, legend } = drawnAnnotations(this.annotated(true), this.sheet);
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

  get annotations(): MapAnnotations {
    // The legend of a film holds for all of its steps.
    const isFilm = this.file.format === "gif";
    return this.annotated(isFilm || this.maps.some(({ fields }) => fields.hasRegions));
  }

  private annotated(hasRegions: boolean): MapAnnotations {
    const slice = withLayersSeen(this.slice, hasRegions);
    const all = annotationsOf(slice, this.scatter?.viewpoint.isStretched ?? false);
    return this.file.legend ? all : withoutLegend(all);
  }

  /** Waits until nothing moves and all labels are there, however long a frame takes. */
  async settled(signal: AbortSignal): Promise<void> {
    const isPending = () => this.maps.some(({ scatter }) => scatter.isPending);
    const isStill = () => !isPending() && performance.now() - this.drawnAt > STILL_MS;
    while (!signal.aborted && !isStill()) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  picture(): HTMLCanvasElement {
    const brush = brushOf();
    Object.assign(brush.canvas, { width: this.canvas.width, height: this.canvas.height });
    brush.drawImage(this.canvas, 0, 0);
    return brush.canvas;
  }

  private update(): void {
    for (const map of this.maps) map.update(this.slice);
  }

  dispose(): void {
    this.leave();
    for (const map of this.maps) map.dispose();
    this.host.remove();
  }

  /** Takes over a frame: the pixels of a map can be read only right after it was drawn. */
  private onFrame({ left, top, width, height }: Box, map: Scatter | undefined): void {
    const { ratio } = this.sheet;
    this.drawnAt = performance.now();
    const at = [left, top, width, height].map((one) => one * ratio);
    if (map) this.brush.drawImage(map.canvas, ...(at as [number, number, number, number]));
    for (const listener of [...this.listeners]) listener();
  }
}

function place({ style }: HTMLElement, { left, top, width, height }: Box, position: string): void {
  const [x, y, wide, high] = [left, top, width, height].map((length) => `${length}px`);
  Object.assign(style, { position, left: x, top: y, width: wide, height: high });
}
