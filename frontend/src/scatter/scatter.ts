/** Draws the drift map and reacts to the pointer: the public interface of this folder. */

import type { Arrows } from "./arrows";
import { rescaled, robustBounds, rowsOf } from "./bounds";
import type { Insets } from "./camera";
import { canvasCopy, snapshotOf } from "./capture";
import type { Colormap } from "./colormaps";
import { Drawing } from "./drawing";
import { FrameLoop, type FrameStats } from "./frame_loop";
import type { Axes, Mode, Point } from "./geometry";
import { LabelLayer } from "./label_layer";
import type { Box } from "./label_placement";
import { hasCanvas, MapCanvas } from "./map_canvas";
import { type Eye, MapView } from "./map_view";
import { Picker } from "./picker";
import { type InputTarget, type LassoHow, listen } from "./pointer_input";
import { LIGHT_THEME, type ScatterTheme } from "./scatter_theme";
import { Scene } from "./scene";
import type { Snapshot } from "./snapshot";
import type { Trail } from "./trails";
import { prefersReducedMotion } from "./tween";
import { Viewpoint } from "./viewpoint";

export type {
  Arrows,
  Axes,
  Box,
  Eye,
  FrameStats,
  Insets,
  LassoHow,
  Mode,
  Point,
  ScatterTheme,
  Trail,
};

export interface ScatterOptions {
  /** The pointer came to a point or its label, or left it. `at`: CSS pixels in the host. */
  onHover?(index: number | null, at: Point): void;
  /** A click or tap on a point or its label, or on nothing. */
  onPick?(index: number | null, modifiers: { additive: boolean }): void;
  /** Whether drags draw a lasso instead of moving the map. */
  lassoing?(): boolean;
  /** A lasso was closed around these points, in their order. */
  onLasso?(indices: number[], how: LassoHow): void;
  /** A frame was drawn: points may have moved in the host. */
  onFrame?(): void;
  /** What `fit` stays clear of in 2-D; asked for when it is to be shown all. */
  insets?(): Insets;
  /** Parts of the host that labels stay out of, CSS pixels; asked for in every frame. */
  reserved?(): readonly Box[];
}

/**
 * The drift map: every token a point, with labels and trails, drawn with WebGL2 where there
 * is that, else with a plain canvas. It fills its host, draws only when something changed,
 * and keeps references to the arrays that it is given: hand over new ones instead of
 * changing them. Points are known by their row in the table. Keys are the page's: it moves
 * the viewpoint.
 */
export class Scatter {
  readonly viewpoint: Viewpoint;
  private readonly mapCanvas: MapCanvas;
  private readonly scene: Scene;
  private readonly labels = new LabelLayer();
  private readonly view = new MapView();
  private readonly drawing: Drawing;
  private readonly picker: Picker;
  private readonly loop = new FrameLoop(
    (now, settled) => this.draw(now, settled),
    () => this.labels.isUnfinished,
    () => this.mapCanvas.renderer?.isBusy ?? false,
  );
  private readonly listening = new AbortController();
  private hasBounds = false;

  /** Whether this browser can show it: it needs a canvas. */
  static supported(): boolean {
    return hasCanvas();
  }

  /** The most points that are drawn: fewer than there may be without WebGL2. */
  get mostPoints(): number {
    return this.mapCanvas.renderer?.mostPoints ?? Number.POSITIVE_INFINITY;
  }

  /** @throws Error where `supported()` is false. */
  constructor(
    host: HTMLElement,
    private readonly options: ScatterOptions = {},
  ) {
    this.mapCanvas = new MapCanvas(host, {
      resized: () => this.resized(),
      restored: () => {
        if (this.mapCanvas.renderer) this.scene.handTo(this.mapCanvas.renderer);
        this.loop.ask();
      },
    });
    this.scene = new Scene(() => this.mapCanvas.renderer);
    this.drawing = new Drawing(this.scene, this.view, this.labels);
    this.picker = new Picker(this.drawing);
    this.viewpoint = new Viewpoint(
      this.view,
      this.scene,
      () => options.insets?.(),
      () => {
        this.picker.viewMoved();
        this.loop.ask();
      },
    );
    listen(this.mapCanvas.canvas, this.inputTarget(), this.listening.signal);
    this.setTheme(LIGHT_THEME);
  }

  /** The colors of all but the values; colormaps are handed over anew by `setValues`. */
  setTheme(theme: ScatterTheme): void {
    this.scene.setTheme(theme);
    this.loop.ask();
  }

  /** How large labels are, CSS pixels. */
  setFontSize(size: number): void {
    if (!this.labels.setFontSize(size)) return;
    this.mapCanvas.renderer?.clearSprites();
    this.loop.ask();
  }

  /**
   * @param tokens one a point; untrusted text
   * @param priority points whose labels and dots go before others, most important first
   */
  setLabels(tokens: readonly string[], priority: Uint32Array): void {
    if (this.labels.setTokens(tokens, priority)) this.mapCanvas.renderer?.clearSprites();
    this.scene.setPriority(priority);
    this.loop.ask();
  }

  /**
   * What `fit` shows: all of these frames, but for far outliers. Give the first and the last
   * step of a table, so that playing needs no new scale; without it, it is the first frame
   * shown. A view moved by hand stays as it is.
   *
   * @param rows all that counts of the frames; null if all does
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
    if (!this.hasBounds && positions.length !== this.scene.motion.to.length) {
      this.view.setBounds(robustBounds([positions]));
    }
    this.scene.setPositions(positions);
    this.picker.pointsMoved();
    this.loop.ask();
  }

  /**
   * Moves the points from where they are now to `positions`; resolved when they are there,
   * or on their way to others. At once if the user asked for reduced motion.
   */
  animateTo(positions: Float32Array, durationMs: number): Promise<void> {
    const isNew = positions.length !== this.scene.motion.to.length;
    if (isNew || durationMs <= 0 || prefersReducedMotion()) {
      this.setFrame(positions);
      return Promise.resolve();
    }
    this.picker.pointsMoved();
    this.loop.ask();
    return this.scene.moveTo(positions, durationMs);
  }

  /**
   * Moves the points to their places in another layout, where `frames` say what `fit`
   * shows: they start where they are seen now, whatever the units of the two.
   */
  morphTo(
    positions: Float32Array,
    frames: readonly Float32Array[],
    rows: readonly number[] | null,
    durationMs: number,
  ): Promise<void> {
    const before = this.view.bounds;
    const now = this.scene.motion.current();
    this.setBounds(frames, rows);
    this.viewpoint.fit(0);
    if (now.length === positions.length) {
      this.scene.arrange(positions);
      if (!prefersReducedMotion()) {
        this.scene.setPositions(rescaled(now, before, this.view.bounds));
      }
    }
    return this.animateTo(positions, durationMs);
  }

  /** Colors by value, blending from the colors before; NaN, or no values, is `muted`. */
  setValues(values: Float32Array | null, domain: readonly [number, number], map: Colormap): void {
    this.scene.setValues(values, domain, map);
    this.loop.ask();
  }

  /** Factors of the usual diameter, 0.25..3.9, one a point; null for 1. */
  setSizes(sizes: Float32Array | null): void {
    this.scene.setSizes(sizes);
    this.loop.ask();
  }

  /** Points with 0 are dimmed, drawn below the others and not picked; null shows all. */
  setVisible(mask: Uint8Array | null): void {
    this.scene.setVisible(mask);
    this.loop.ask();
  }

  /** Only points with 1 are drawn; null draws all. */
  setDrawn(mask: Uint8Array | null): void {
    this.scene.setDrawn(mask);
    this.loop.ask();
  }

  /** Points drawn on top with a ring; few of them, or the last of many, with their label. */
  setSelection(indices: readonly number[]): void {
    this.scene.setSelection(indices);
    this.drawing.selectionChanged();
    this.loop.ask();
  }

  /** Marks a point as if the pointer were on it. Costs no new frame. */
  setHover(index: number | null): void {
    if (index === this.scene.hovered) return;
    this.scene.hovered = index;
    this.showCursor();
    this.drawOverlay();
  }

  /** To be called when `lassoing` may say something else than before. */
  toolChanged(): void {
    this.showCursor();
  }

  /** The points within a path on the screen, CSS pixels in the host. */
  within(path: readonly Point[]): Promise<number[]> {
    return this.picker.within(path);
  }

  /** The points in view. */
  inView(): Promise<number[]> {
    return this.picker.inView();
  }

  setTrails(trails: readonly Trail[]): void {
    this.drawing.trails = trails;
    this.loop.ask();
  }

  /** Arrows from where points were to where they are; null for none. */
  setArrows(arrows: Arrows | null): void {
    this.drawing.setArrows(arrows);
    this.loop.ask();
  }

  /** Where a point is now, CSS pixels in the host; null if it is not drawn anywhere. */
  project(index: number): Point | null {
    const place = new Float64Array(3);
    if (!this.scene.project(index, this.view.projection, place)) return null;
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
    return this.scene.motion.share < 1;
  }

  /** What was drawn last; readable right after a frame was drawn. */
  get canvas(): HTMLCanvasElement {
    return this.mapCanvas.canvas;
  }

  /** The map on a canvas of its own, with so many pixels to a CSS pixel. */
  paint(ratio: number): HTMLCanvasElement {
    return canvasCopy(this.drawing, ratio, (canvas) => this.mapCanvas.newRenderer(canvas));
  }

  /** The map as it is seen now, with the so many points of it that are drawn topmost. */
  snapshot(mostPoints: number): Snapshot {
    return snapshotOf(this.drawing, mostPoints);
  }

  get frameStats(): FrameStats {
    return this.loop.stats;
  }

  /** Takes the map out of its host and frees what it holds. */
  dispose(): void {
    this.listening.abort();
    this.loop.stop();
    this.scene.stopMoving();
    this.mapCanvas.dispose();
  }

  private inputTarget(): InputTarget {
    return {
      mode: () => this.view.mode,
      pan: (dx, dy) => this.viewpoint.panBy(dx, dy),
      orbit: (dx, dy) => this.viewpoint.orbitBy(dx, dy),
      zoom: (factor, at) => this.viewpoint.zoomBy(factor, at),
      fit: () => this.viewpoint.fit(),
      hover: (at) => this.hoverAt(at),
      pick: (at, touch, additive) => {
        this.options.onPick?.(this.picker.at(at, touch), { additive });
      },
      lassoing: () => this.options.lassoing?.() ?? false,
      lasso: (path) => {
        this.drawing.lasso = path;
        this.drawOverlay();
      },
      lassoed: (path, how) => {
        void this.picker.within(path).then((found) => this.options.onLasso?.(found, how));
      },
    };
  }

  private hoverAt(at: Point | null): void {
    const index = at === null ? null : this.picker.at(at);
    if (index === this.scene.hovered) return;
    this.setHover(index);
    const place = index === null ? null : this.project(index);
    this.options.onHover?.(index, place ?? at ?? { x: 0, y: 0 });
  }

  private draw(now: number, settled: boolean): boolean {
    const { labels, picker, drawing, scene, mapCanvas, view } = this;
    if (mapCanvas.renderer === null) return false;
    mapCanvas.resize();
    const flies = view.advance(now);
    if (flies) picker.viewMoved();
    const wasMoving = scene.motion.share < 1;
    const changes = scene.advance(now);
    if (wasMoving) picker.pointsMoved();
    drawing.placeLabels(now, settled, this.options.reserved?.() ?? []);
    mapCanvas.renderer.draw(drawing.frame(now));
    this.drawOverlay();
    this.options.onFrame?.();
    return flies || changes || labels.isFading(now);
  }

  private drawOverlay(): void {
    const { drawing, scene, mapCanvas, view } = this;
    mapCanvas.overlay.draw(view.size, drawing.spot, drawing.lasso, scene.theme.accent);
  }

  private showCursor(): void {
    const { hovered } = this.scene;
    const isLassoing = this.options.lassoing?.() ?? false;
    this.mapCanvas.setCursor(isLassoing ? "crosshair" : hovered === null ? "default" : "pointer");
  }

  /** Draws at once: a canvas of another size is empty until it is drawn. */
  private resized(): void {
    this.viewpoint.resize(this.mapCanvas.size);
    this.loop.now();
  }
}
