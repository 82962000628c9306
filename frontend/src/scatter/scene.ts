/** Holds the points of the map and hands what changed to the renderer. */

import type { Projection } from "./camera";
import type { Colormap } from "./colormaps";
import { byHeight, DrawOrder, shuffled } from "./draw_order";
import type { Painter } from "./painter";
import { PointMotion } from "./point_motion";
import { PointStyles } from "./point_styles";
import { cssToRgba, cssToUnit, LIGHT_THEME, type ScatterTheme } from "./scatter_theme";
import { prefersReducedMotion, Tween } from "./tween";

const RECOLOR_MS = 250;
/** So many names at most are forced upon the map. */
const MOST_NAMED = 12;

export class Scene {
  readonly motion = new PointMotion();
  theme: ScatterTheme = LIGHT_THEME;
  colors = paints(LIGHT_THEME);
  private visible: Uint8Array | null = null;
  private drawn: Uint8Array | null = null;
  private shown: Uint8Array | null = null;
  selection: readonly number[] = [];
  hovered: number | null = null;
  /** 0..1, how far points are from their old to their new color. */
  recolor = 1;
  private readonly styles = new PointStyles();
  private readonly drawing = new DrawOrder();
  /** All points, by height in the layout that they were last arranged for. */
  private heights: Uint32Array = new Uint32Array(0);
  /** The same points shuffled, made where it is asked for. */
  private shuffle: Uint32Array = new Uint32Array(0);
  private colormap: Colormap = new Uint8Array(256 * 4);
  private priority: Uint32Array = new Uint32Array(0);
  private moving: Tween | null = null;
  private recoloring: Tween | null = null;
  private hasValues = false;

  /** @param gpu the renderer of now, or null while there is none */
  constructor(private readonly gpu: () => Painter | null) {
    this.setTheme(LIGHT_THEME);
  }

  /** Points whose label is always shown, most important first: of many, only the last. */
  get named(): readonly number[] {
    const { selection } = this;
    const some = selection.length > MOST_NAMED ? selection.slice(-1) : selection.toReversed();
    return some.filter((index) => this.isDrawn(index));
  }

  /** 0 for each point that is dimmed or not drawn, and never picked; null if none is. */
  get pickable(): Uint8Array | null {
    return this.shown;
  }

  /** The color that a point has or is about to have. */
  colorOf(index: number): string {
    return this.styles.cssColor(index);
  }

  sizeOf(index: number): number {
    return this.styles.size(index);
  }

  isDrawn(index: number): boolean {
    const { count } = this.motion;
    return index >= 0 && index < count && (this.drawn === null || this.drawn[index] !== 0);
  }

  /** Writes x and y in CSS pixels and the depth to `out`; false if it is not drawn. */
  project(index: number, projection: Projection, out: Float64Array): boolean {
    if (!this.motion.at(index, out)) return false;
    const [x, y, z] = out as unknown as [number, number, number];
    return projection.project(x, y, z, out);
  }

  setTheme(theme: ScatterTheme): void {
    this.theme = theme;
    this.colors = paints(theme);
    this.gpu()?.clearSprites();
    this.setColormap(this.colormap);
  }

  setPriority(priority: Uint32Array): void {
    this.priority = priority;
    this.updateOrder();
  }

  setPositions(positions: Float32Array): void {
    this.stopMoving();
    this.motion.set(positions);
    if (this.styles.count !== this.motion.count) this.startTable();
    this.gpu()?.setPositions(this.motion.to);
  }

  moveTo(positions: Float32Array, durationMs: number): Promise<void> {
    // A motion whose time is over has arrived, even if no frame was fast enough to show it.
    this.advance(performance.now());
    const isUnderWay = this.motion.share < 1;
    this.stopMoving();
    this.motion.retarget(positions);
    this.gpu()?.setTarget(this.motion.to, isUnderWay ? this.motion.from : null);
    return new Promise((resolve) => {
      this.moving = new Tween(durationMs, resolve);
    });
  }

  setValues(values: Float32Array | null, domain: readonly [number, number], map: Colormap): void {
    const blends = this.hasValues && !prefersReducedMotion();
    this.styles.setValues(values, domain, this.recolor);
    this.recoloring = blends ? new Tween(RECOLOR_MS) : null;
    this.recolor = blends ? 0 : 1;
    this.hasValues = true;
    this.gpu()?.setStyles(this.styles.bytes, this.styles.areAlike);
    this.setColormap(map);
  }

  setSizes(sizes: Float32Array | null): void {
    this.styles.setSizes(sizes);
    this.gpu()?.setStyles(this.styles.bytes, this.styles.areAlike);
  }

  setVisible(mask: Uint8Array | null): void {
    this.visible = mask;
    this.shown = both(mask, this.drawn);
    this.styles.setVisible(mask);
    this.gpu()?.setStyles(this.styles.bytes, this.styles.areAlike);
    this.updateOrder();
  }

  /** Points with 0 are not drawn at all; null draws all. */
  setDrawn(mask: Uint8Array | null): void {
    this.drawn = mask;
    this.shown = both(this.visible, mask);
    this.updateOrder();
    this.setSelection(this.selection);
  }

  /** Points drawn once more, above the others; some may be no points of this table. */
  setSelection(selection: readonly number[]): void {
    this.selection = selection;
    this.gpu()?.setMarked(this.knownSelection());
  }

  private knownSelection(): Uint32Array {
    const { drawn, selection } = this;
    const { count } = this.motion;
    const known = new Uint32Array(selection.length);
    let length = 0;
    // By hand: there may be a million of them.
    for (let at = 0; at < selection.length; at++) {
      const index = selection[at] as number;
      if (index < count && (drawn === null || drawn[index] !== 0)) known[length++] = index;
    }
    return known.subarray(0, length);
  }

  /** Moves points and colors along to a time; true while something is under way. */
  advance(now: number): boolean {
    if (this.moving !== null) {
      this.motion.share = this.moving.at(now);
      if (this.motion.share >= 1) this.stopMoving();
    }
    if (this.recoloring !== null) {
      this.recolor = this.recoloring.at(now);
      if (this.recolor >= 1) this.recoloring = null;
    }
    return this.moving !== null || this.recoloring !== null;
  }

  /** Whoever waits for points to arrive is told that the wait is over. */
  stopMoving(): void {
    const { moving } = this;
    this.moving = null;
    moving?.end();
  }

  /** Hands all over to a new, empty renderer. */
  handTo(gpu: Painter): void {
    const { from, to, share } = this.motion;
    if (share < 1) gpu.setTarget(to, from);
    else gpu.setPositions(to);
    gpu.setStyles(this.styles.bytes, this.styles.areAlike);
    gpu.setPalette(this.styles.palette);
    gpu.setOrder(this.order(gpu.mostPoints));
    gpu.setMarked(this.knownSelection());
  }

  /**
   * The points to draw, each once: the last is drawn on top. Where there are more of them
   * than will be drawn, the last ones stand for all.
   */
  order(mostPoints: number): Uint32Array {
    const { count } = this.motion;
    const isSample = count > mostPoints;
    if (isSample && this.shuffle.length !== count) this.shuffle = shuffled(count);
    const points = isSample ? this.shuffle : this.heights;
    return this.drawing.of(points, this.priority, this.visible, this.drawn);
  }

  /** To be called with the positions of a new layout, in which all points lie elsewhere. */
  arrange(positions: Float32Array): void {
    this.heights = byHeight(positions);
    this.updateOrder();
  }

  isDimmed(index: number): boolean {
    return this.visible !== null && this.visible[index] === 0;
  }

  private startTable(): void {
    const { count } = this.motion;
    this.styles.resize(count);
    this.heights = byHeight(this.motion.to);
    this.hasValues = false;
    this.drawn = this.drawn?.length === count ? this.drawn : null;
    this.setVisible(this.visible?.length === count ? this.visible : null);
    this.setSelection(this.selection);
  }

  private setColormap(colormap: Colormap): void {
    this.colormap = colormap;
    this.styles.setPalette(colormap, this.colors.muted);
    this.gpu()?.setPalette(this.styles.palette);
  }

  private updateOrder(): void {
    const gpu = this.gpu();
    gpu?.setOrder(this.order(gpu.mostPoints));
  }
}

function both(a: Uint8Array | null, b: Uint8Array | null): Uint8Array | null {
  if (a === null || b === null || a.length !== b.length) return a ?? b;
  return a.map((value, index) => value & (b[index] as number));
}

function paints(theme: ScatterTheme) {
  return {
    background: cssToUnit(theme.background),
    label: cssToUnit(theme.label),
    accent: cssToUnit(theme.accent),
    muted: cssToRgba(theme.muted),
  };
}
