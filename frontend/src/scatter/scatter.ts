/** Draws the drift map and reacts to the pointer: the public interface of this folder. */

import type { Palette } from "../theme/palette";
import type { Arrows } from "./arrows";
import { rescaled, robustBounds, rowsOf } from "./bounds";
import type { Insets } from "./camera";
import type { Colormap } from "./colormaps";
import { Drawing } from "./drawing";
import { FrameLoop } from "./frame_loop";
import type { Point } from "./geometry";
import type { Box } from "./label_placement";
import { canvasCopy, MapCanvas } from "./map_canvas";
import { pointAt, pointsInView, pointsWithin } from "./picker";
import { type InputTarget, type LassoHow, listen } from "./pointer_input";
import { countInView, type Snapshot, snapshotOf } from "./snapshot";
import type { Trail } from "./trails";
import { prefersReducedMotion } from "./tween";
import { type Eye, Viewpoint } from "./viewpoint";

export type { Box, Eye, Insets, LassoHow, Point, Trail };

export interface ScatterOptions {
  /** The pointer came to a point or its label, or left it. */
  onHover?(index: number | null): void;
  /** A click or tap on a point or its label, or on nothing. */
  onPick?(index: number | null, modifiers: { additive: boolean }): void;
  /** Whether drags draw a lasso instead of moving the map. */
  lassoing?(): boolean;
  /** A lasso was closed around these points, in their order. */
  onLasso?(indices: number[], how: LassoHow): void;
  /** A frame was drawn: points may have moved in the host. */
  onFrame?(): void;
  /** Returns the parts of the host that `fit` stays clear of in 2-D. */
  insets?(): Insets;
  /** Returns the parts of the host that labels stay out of, CSS pixels, in every frame. */
  reserved?(): readonly Box[];
}

/**
 * The drift map: every token a point, with labels and trails, drawn with WebGL2 if the browser
 * offers it, else with a plain canvas. It fills its host, draws only when something changed,
 * and keeps references to the arrays that it is given: hand over new ones instead of
 * changing them. Points are known by their row in the table. Keys are the page's: it moves
 * the viewpoint.
 */
export class Scatter {
  readonly viewpoint: Viewpoint;
  private readonly mapCanvas: MapCanvas;
  private readonly drawing: Drawing;
  private readonly loop = new FrameLoop(
    (now, settled) => this.draw(now, settled),
    () => this.drawing.labels.isUnfinished,
    () => this.mapCanvas.painter?.isBusy(this.drawing.scene) ?? false,
  );
  private readonly listening = new AbortController();
  private hasBounds = false;

  /** Whether this browser offers the canvas that the map needs. */
  static supported(): boolean {
    return document.createElement("canvas").getContext("2d") !== null;
  }

  /** The most points that are drawn: fewer than there may be without WebGL2. */
  get mostPoints(): number {
    return this.mapCanvas.painter?.mostPoints ?? Number.POSITIVE_INFINITY;
  }

  /** @throws Error where `supported()` is false. */
  constructor(
    host: HTMLElement,
    private readonly options: ScatterOptions = {},
  ) {
    this.viewpoint = new Viewpoint(() => this.loop.ask(), options.insets);
    this.drawing = new Drawing(this.viewpoint);
    // Drawn at once: a canvas of another size is empty until it is drawn.
    this.mapCanvas = new MapCanvas(host, () => {
      this.viewpoint.resize(this.mapCanvas.size);
      this.loop.now();
    });
    listen(this.mapCanvas.canvas, this.inputTarget(), this.listening.signal);
  }

  /** Sets the colors of all but the values, whose colormap `setValues` sets. */
  setTheme(theme: Palette): void {
    this.drawing.scene.setTheme(theme);
    this.loop.ask();
  }

  /** Sets how large labels are, CSS pixels. */
  setFontSize(size: number): void {
    this.drawing.labels.setFontSize(size);
    this.loop.ask();
  }

  /**
   * @param tokens one a point; untrusted text
   * @param priority points whose labels and dots go before others, most important first
   */
  setLabels(tokens: readonly string[], priority: Uint32Array): void {
    this.drawing.labels.setTokens(tokens, priority);
    this.drawing.scene.priority = priority;
    this.loop.ask();
  }

  /**
   * Sets what `fit` shows: all of these frames, but for far outliers. Give the first and the last
   * step of a table, so that playing needs no new scale. Without it, `fit` shows the first frame.
   * A view that was moved by hand stays as it is.
   *
   * @param rows the rows of the frames that count; null if all do
   */
  setBounds(frames: readonly Float32Array[], rows: readonly number[] | null = null): void {
    this.hasBounds = true;
    const some = rows === null ? frames : frames.map((frame) => rowsOf(frame, rows));
    this.viewpoint.setBounds(robustBounds(some));
  }

  /**
   * Shows positions `[n, 3]` at once; rows with NaN are not drawn. With another n than
   * before, values and sizes start empty.
   */
  setFrame(positions: Float32Array): void {
    const { scene } = this.drawing;
    if (!this.hasBounds && positions.length !== scene.motion.to.length) {
      this.viewpoint.setBounds(robustBounds([positions]));
    }
    scene.setPositions(positions);
    this.loop.ask();
  }

  /**
   * Moves the points from where they are now to `positions`, at once if the user asked for
   * reduced motion. Resolves when they are there, or on their way to others.
   */
  animateTo(positions: Float32Array, durationMs: number): Promise<void> {
    const { scene } = this.drawing;
    const isNew = positions.length !== scene.motion.to.length;
    if (isNew || durationMs <= 0 || prefersReducedMotion()) {
      this.setFrame(positions);
      return Promise.resolve();
    }
    this.loop.ask();
    return scene.moveTo(positions, durationMs);
  }

  /**
   * Moves the points to their places in another layout, of which `frames` and `rows` are as in
   * `setBounds`. They start where they are seen now, whatever the units of the two layouts.
   */
  morphTo(
    positions: Float32Array,
    frames: readonly Float32Array[],
    rows: readonly number[] | null,
    durationMs: number,
  ): Promise<void> {
    const { scene } = this.drawing;
    const before = this.viewpoint.bounds;
    const now = scene.motion.current();
    this.setBounds(frames, rows);
    this.viewpoint.fit(0);
    if (now.length === positions.length) {
      scene.arrange(positions);
      if (!prefersReducedMotion()) {
        scene.setPositions(rescaled(now, before, this.viewpoint.bounds));
      }
    }
    return this.animateTo(positions, durationMs);
  }

  /** Colors points by value, blending from the colors before. NaN, or no values, is `muted`. */
  setValues(values: Float32Array | null, domain: readonly [number, number], map: Colormap): void {
    this.drawing.scene.setValues(values, domain, map);
    this.loop.ask();
  }

  /** Sets factors of the usual diameter, 0.25..3.9, one a point; null for 1. */
  setSizes(sizes: Float32Array | null): void {
    this.drawing.scene.styles.setSizes(sizes);
    this.loop.ask();
  }

  /** Dims points with 0, draws them below the others and never picks them; null dims none. */
  setVisible(mask: Uint8Array | null): void {
    this.drawing.scene.setVisible(mask);
    this.loop.ask();
  }

  /** Draws only points with 1; null draws all. */
  setDrawn(mask: Uint8Array | null): void {
    this.drawing.scene.setDrawn(mask);
    this.loop.ask();
  }

  /** Draws points on top with a ring; few of them, or the last of many, with their label. */
  setSelection(indices: readonly number[]): void {
    this.drawing.scene.setSelection(indices);
    this.loop.ask();
  }

  /** Marks a point as if the pointer were on it. Costs no new frame. */
  setHover(index: number | null): void {
    const { scene } = this.drawing;
    if (index === scene.hovered) return;
    scene.hovered = index;
    this.showCursor();
    this.mapCanvas.overlay.draw(this.drawing);
  }

  /** Shows the cursor of the tool in use: to be called when `lassoing` has changed. */
  showCursor(): void {
    const isLassoing = this.options.lassoing?.() ?? false;
    const usual = this.drawing.scene.hovered === null ? "default" : "pointer";
    this.canvas.style.cursor = isLassoing ? "crosshair" : usual;
  }

  /** Returns the points in view. */
  inView(): Promise<number[]> {
    return pointsInView(this.drawing);
  }

  /** Brings a point into view if it is not. */
  reveal(index: number): void {
    const place = new Float64Array(3);
    if (!this.drawing.scene.motion.at(index, place)) return;
    const [x = 0, y = 0, z = 0] = place;
    this.viewpoint.reveal([x, y, z]);
  }

  setTrails(trails: readonly Trail[]): void {
    this.drawing.trails = trails;
    this.loop.ask();
  }

  /** Draws arrows from where points were to where they are; null for none. */
  setArrows(arrows: Arrows | null): void {
    this.drawing.arrows = arrows;
    this.loop.ask();
  }

  /** Returns where a point is now, CSS pixels in the host; null if it is nowhere. */
  project(index: number): Point | null {
    const place = new Float64Array(3);
    if (!this.drawing.scene.project(index, this.viewpoint.projection, place)) return null;
    const [x = 0, y = 0] = place;
    return { x, y };
  }

  /** Draws once more, though nothing changed. */
  redraw(): void {
    this.loop.ask();
  }

  /** Pixels across the square that a point of the usual size is drawn in. */
  get pointSide(): number {
    return (this.drawing.appearance.diameter + 1) * window.devicePixelRatio;
  }

  /** Whether points are on their way. */
  get isMoving(): boolean {
    return this.drawing.isMoving;
  }

  /** What was drawn last; readable right after a frame was drawn. */
  get canvas(): HTMLCanvasElement {
    return this.mapCanvas.canvas;
  }

  /** Returns the map on a canvas of its own, with so many pixels to a CSS pixel. */
  paint(ratio: number): HTMLCanvasElement {
    return canvasCopy(this.drawing, ratio);
  }

  /** Returns the map as it is seen now, with at most so many points: those drawn topmost. */
  snapshot(mostPoints: number): Snapshot {
    return snapshotOf(this.drawing, mostPoints, performance.now());
  }

  /** Returns how many points are in view. */
  countInView(): number {
    return countInView(this.drawing);
  }

  /** Takes the map out of its host and frees what it holds. */
  dispose(): void {
    this.listening.abort();
    this.loop.stop();
    this.drawing.scene.stopMoving();
    this.mapCanvas.dispose();
  }

  private inputTarget(): InputTarget {
    const { drawing, viewpoint } = this;
    return {
      mode: () => viewpoint.mode,
      pan: (dx, dy) => viewpoint.panBy(dx, dy),
      orbit: (dx, dy) => viewpoint.orbitBy(dx, dy),
      zoom: (factor, at) => viewpoint.zoomBy(factor, at),
      fit: () => viewpoint.fit(),
      hover: (at) => this.hoverAt(at),
      pick: (at, isTouch, additive) => {
        this.options.onPick?.(pointAt(drawing, at, isTouch), { additive });
      },
      lassoing: () => this.options.lassoing?.() ?? false,
      lasso: (path) => {
        drawing.lasso = path;
        this.mapCanvas.overlay.draw(drawing);
      },
      lassoed: (path, how) => {
        void pointsWithin(drawing, path).then((found) => this.options.onLasso?.(found, how));
      },
    };
  }

  private hoverAt(at: Point | null): void {
    const index = at === null ? null : pointAt(this.drawing, at);
    if (index === this.drawing.scene.hovered) return;
    this.setHover(index);
    this.options.onHover?.(index);
  }

  private draw(now: number, settled: boolean): boolean {
    const { drawing, mapCanvas, viewpoint } = this;
    if (mapCanvas.painter === null) return false;
    const isFlying = viewpoint.advance(now);
    const isChanging = drawing.scene.advance(now);
    drawing.placeLabels(now, settled, this.options.reserved?.() ?? []);
    mapCanvas.draw(drawing, now);
    this.options.onFrame?.();
    return isFlying || isChanging || drawing.labels.isFading(now);
  }
}
