/** Draws the drift map and reacts to the pointer: the public interface of this folder. */

import type { Point } from "./geometry";
import { pointAt, pointsWithin } from "./input/picker";
import { type InputTarget, type LassoHow, listen } from "./input/pointer_input";
import type { Box } from "./layers/label_placement";
import type { Trail } from "./layers/strokes";
import { FrameBudget } from "./painting/frame_budget";
import { type After, FrameLoop } from "./painting/frame_loop";
import { MapCanvas } from "./painting/map_canvas";
import { Drawing } from "./painting/map_drawing";
import { prefersReducedMotion } from "./tween";
import { rescaled, robustBounds, rowsOf } from "./view/bounds";
import type { Insets } from "./view/camera";
import { type Eye, Viewpoint } from "./view/viewpoint";

export type { Box, Eye, Insets, Point, Trail };

/** What a map calls when a user does something. A picture of a map has no user and needs none. */
export interface ScatterOptions {
  /** The pointer came to a point or its label, or left it. */
  onHover?(index: number | null): void;
  /** A click or tap on a point or its label, or on nothing. */
  onPick?(index: number | null, modifiers: { additive: boolean }): void;
  /** The pointer came to the name of a region, or left it. */
  onRegionHover?(id: number | null): void;
  /** A click or tap on the name of a region. */
  onRegionPick?(id: number): void;
  /** Whether drags draw a lasso instead of moving the map. */
  lassoing?(): boolean;
  /** A lasso was closed around these points, in their order. */
  onLasso?(indices: number[], how: LassoHow): void;
  /** A frame was drawn: points may have moved in the host. */
  onFrame(): void;
  /** Returns the parts of the host that `fit` stays clear of in 2-D. */
  insets(): Insets;
  /** Returns the parts of the host that labels stay out of, CSS pixels, in every frame. */
  reserved(): readonly Box[];
  /** Pixels to a CSS pixel; as many as the screen has if left out. */
  readonly ratio?: number;
  /** Whether every frame holds all points, as those of a picture do. */
  readonly isWhole?: boolean;
}

/**
 * The drift map: every token a point, with labels and trails, drawn with WebGL2 if the browser
 * offers it, else with a plain canvas. It fills its host, and draws only when something changed:
 * of many points a sample while something moves, all of them at rest. It keeps references to the
 * arrays that it is given: hand over new ones instead of changing them. Points are known by their
 * row in the table. Keys are the page's: it moves the viewpoint.
 */
export class Scatter {
  readonly viewpoint: Viewpoint;
  /** What is drawn. After a change, call `redraw`. */
  readonly drawing: Drawing;
  /** Whether another step follows soon, so that the map does not come to rest at this one. */
  isPlaying = false;
  private readonly mapCanvas: MapCanvas;
  private readonly loop = new FrameLoop(
    (now, settled) => this.draw(now, settled),
    () => this.mapCanvas.painter?.isBusy(this.drawing.scene) ?? false,
  );
  private readonly budget = new FrameBudget();
  private readonly listening = new AbortController();
  private readonly followers = new Set<Scatter>();
  private hasBounds = false;
  /** Whether nothing changed since the map came to rest. */
  private isAtRest = false;
  private hoveredRegion: number | null = null;

  /** Returns whether this browser offers the canvas that the map needs. */
  static supported(): boolean {
    return document.createElement("canvas").getContext("2d") !== null;
  }

  /** Returns how many points are drawn at most: not all without WebGL2. */
  get mostPoints(): number {
    return this.mapCanvas.painter?.mostPoints ?? Number.POSITIVE_INFINITY;
  }

  /**
   * @param leader the map beside which this one is drawn, of the same size: both are looked at from
   *   the viewpoint of that one, and the one of this map means nothing
   * @throws Error where `supported()` is false.
   */
  constructor(
    host: HTMLElement,
    private readonly options: ScatterOptions,
    private readonly leader: Scatter | null = null,
  ) {
    this.viewpoint = new Viewpoint(() => this.redraw(), options.insets);
    this.drawing = new Drawing(leader?.viewpoint ?? this.viewpoint);
    leader?.followers.add(this);
    // Drawn at once: a canvas of another size is empty until it is drawn.
    const resized = () => {
      this.viewpoint.resize(this.mapCanvas.size);
      this.loop.now();
    };
    this.mapCanvas = new MapCanvas(host, resized, options.ratio);
    listen(this.mapCanvas.canvas, this.inputTarget(), this.listening.signal);
  }

  /**
   * Sets what `fit` shows: all of these frames, but for far outliers. Give the first and the last
   * step of a table, so that playing needs no new scale. Without it, `fit` shows the first frame.
   * A view that was moved by hand stays as it is.
   *
   * @param rows the rows of the frames that count; null if all do
   */
  setBounds(frames: readonly Float32Array[], rows: readonly number[] | null): void {
    this.hasBounds = true;
    const some = rows === null ? frames : frames.map((frame) => rowsOf(frame, rows));
    this.viewpoint.setBounds(robustBounds(some));
  }

  /**
   * Moves the points from where they are now to `positions`, `[n, 3]`: at once if there was another
   * number of points, or the user asked for reduced motion. Rows with NaN are not drawn.
   */
  animateTo(positions: Float32Array, durationMs: number): void {
    const { scene } = this.drawing;
    const isNew = positions.length !== scene.motion.to.length;
    if (isNew && !this.hasBounds) this.viewpoint.setBounds(robustBounds([positions]));
    if (isNew) scene.setPositions(positions);
    else scene.motion.moveTo(positions, durationMs);
    this.redraw();
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
  ): void {
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
    this.animateTo(positions, durationMs);
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
    const usual =
      this.drawing.scene.hovered === null && this.hoveredRegion === null ? "default" : "pointer";
    this.canvas.style.cursor = this.options.lassoing?.() ? "crosshair" : usual;
  }

  reveal(index: number): void {
    const place = new Float64Array(3);
    if (!this.drawing.scene.motion.at(index, place)) return;
    const [x = 0, y = 0, z = 0] = place;
    this.viewpoint.reveal([x, y, z]);
  }

  /** Draws once more, though nothing changed; what is beside it, too. */
  redraw(): void {
    this.loop.ask();
    for (const follower of this.followers) follower.redraw();
  }

  /** Whether a frame is still to come. */
  get isPending(): boolean {
    return this.loop.isPending;
  }

  /** Returns the canvas of the map; its pixels can be read right after a frame was drawn. */
  get canvas(): HTMLCanvasElement {
    return this.mapCanvas.canvas;
  }

  /** Takes the map out of its host and frees what it holds. */
  dispose(): void {
    this.leader?.followers.delete(this);
    this.listening.abort();
    this.loop.stop();
    this.mapCanvas.dispose();
  }

  private inputTarget(): InputTarget {
    const { drawing } = this;
    return {
      viewpoint: drawing.view,
      hover: (at) => this.hoverAt(at),
      pick: (at, isTouch, additive) => {
        // Names of regions lie upon the points.
        const region = drawing.regions.hit(at);
        if (region !== null) this.options.onRegionPick?.(region);
        else this.options.onPick?.(pointAt(drawing, at, isTouch), { additive });
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
    const region = at === null ? null : this.drawing.regions.hit(at);
    this.hoverRegion(region);
    const index = at === null || region !== null ? null : pointAt(this.drawing, at);
    if (index === this.drawing.scene.hovered) return;
    this.setHover(index);
    this.options.onHover?.(index);
  }

  private hoverRegion(id: number | null): void {
    if (id === this.hoveredRegion) return;
    this.hoveredRegion = id;
    this.showCursor();
    this.options.onRegionHover?.(id);
  }

  private draw(now: number, settled: boolean): After {
    const { drawing, mapCanvas } = this;
    const { painter } = mapCanvas;
    if (painter === null) return "done";
    // A map at rest is only drawn to its end: whoever changes it asks for a frame.
    const moves = settled && this.isAtRest ? false : this.advance(now, settled);
    this.isAtRest = settled && !moves;
    drawing.mostPoints = Number.POSITIVE_INFINITY;
    if (!this.options.isWhole && !painter.hasAll(drawing)) {
      const { points } = this.budget;
      if (!this.isAtRest) drawing.mostPoints = points;
      else if (!painter.drawMore(drawing, points)) return "unfinished";
    }
    mapCanvas.draw(drawing, now);
    this.canvas.toggleAttribute("data-partial", drawing.isPartial);
    this.options.onFrame();
    if (moves) return "moves";
    const isUnfinished = drawing.labels.isUnfinished || drawing.isPartial;
    return isUnfinished && !this.isAtRest && !this.isPlaying ? "unfinished" : "done";
  }

  /** Moves all to where it is at a time; returns whether something is still on its way. */
  private advance(now: number, settled: boolean): boolean {
    const { drawing } = this;
    const { density, labels, regions, scene, view } = drawing;
    const changes = [view.advance(now), density.advance(now), scene.advance(now)];
    drawing.placeLabels(now, settled, this.options.reserved());
    const moves = changes.includes(true) || labels.isFading(now) || regions.isFading(now);
    this.budget.drew(now, moves, scene.motion.count);
    return moves;
  }
}
