import { type Arrows, addArrows } from "./arrows";
import { countOutside, rescaled, robustBounds, rowsOf } from "./bounds";
import type { Axes, Insets, Mode, Point, Projection } from "./camera";
import type { Colormap } from "./colors";
import { FrameLoop, type FrameStats } from "./frameLoop";
import type { Frame } from "./gl/renderer";
import { Strokes } from "./gl/strokes";
import { HitTest } from "./hitTest";
import { type InputTarget, type LassoHow, listen } from "./input";
import { LabelLayer, LINE_HEIGHT } from "./labelLayer";
import type { Box } from "./labels";
import { Lasso } from "./lasso";
import { type PointLook, pointLook } from "./look";
import type { Spot } from "./overlay";
import { Scene } from "./scene";
import { linesOf, type Snapshot, type SnapshotPoint } from "./snapshot";
import { hasCanvas, Stage } from "./stage";
import { LIGHT_THEME, type ScatterTheme } from "./theme";
import { addTrail, type Trail } from "./trails";
import { prefersReducedMotion } from "./tween";
import { type Eye, View } from "./view";

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

const FLIGHT_MS = 350;
const MOUSE_REACH = 7;
const TOUCH_REACH = 18;
const SPOT_DIAMETER = 5;
/** The opacity of what a search did not find, as in the shaders. */
const DIMMED = 0.12;
/** Beyond it, a coordinate says that a point has no place: see Motion. */
const MISSING_FROM = 1e38;

/**
 * The drift map: every token a point, with labels and trails, drawn with WebGL2 where there
 * is that, else with a plain canvas. It fills
 * its host, draws only when something changed, and keeps references to the arrays that it
 * is given: hand over new ones instead of changing them. Points are known by their row in
 * the table. Keys are the page's: it calls zoomBy, panBy, orbitBy and fit.
 */
export class Scatter {
  private readonly stage: Stage;
  private readonly scene: Scene;
  private readonly labels = new LabelLayer();
  private readonly view = new View();
  private readonly hits = new HitTest();
  private readonly loop = new FrameLoop(
    (now, settled) => this.draw(now, settled),
    () => this.labels.isUnfinished,
  );
  private readonly listening = new AbortController();
  private trails: readonly Trail[] = [];
  private arrows: Arrows | null = null;
  private hasBounds = false;
  private lasso: readonly Point[] = [];

  /** Whether this browser can show it: it needs a canvas. */
  static supported(): boolean {
    return hasCanvas();
  }

  /** The most points that are drawn: fewer than there may be without WebGL2. */
  get mostPoints(): number {
    return this.stage.renderer?.mostPoints ?? Number.POSITIVE_INFINITY;
  }

  /** @throws Error where `supported()` is false. */
  constructor(
    host: HTMLElement,
    private readonly options: ScatterOptions = {},
  ) {
    this.stage = new Stage(host, {
      resized: () => this.resized(),
      restored: () => {
        if (this.stage.renderer) this.scene.handTo(this.stage.renderer);
        this.loop.ask();
      },
    });
    this.scene = new Scene(() => this.stage.renderer);
    listen(this.stage.canvas, this.inputTarget(), this.listening.signal);
    this.setTheme(LIGHT_THEME);
  }

  /** The colors of all but the values; colormaps are handed over anew by `setValues`. */
  setTheme(theme: ScatterTheme): void {
    this.scene.setTheme(theme);
    this.labels.setFamily(theme.font);
    this.loop.ask();
  }

  /**
   * @param tokens one a point; untrusted text
   * @param priority points whose labels and dots go before others, most important first
   */
  setLabels(tokens: readonly string[], priority: Uint32Array): void {
    if (this.labels.setTokens(tokens, priority)) this.stage.renderer?.clearSprites();
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
    this.askInsets();
    this.view.setBounds(robustBounds(some));
    this.viewChanged();
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
    this.hits.pointsMoved();
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
    this.hits.pointsMoved();
    this.loop.ask();
    return this.scene.moveTo(positions, durationMs);
  }

  /**
   * Moves the points to their places in another picture, where `frames` say what `fit`
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
    this.view.fit(0);
    if (now.length === positions.length && !prefersReducedMotion()) {
      this.scene.setPositions(rescaled(now, before, this.view.bounds));
    }
    this.viewChanged();
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
  within(path: readonly Point[]): number[] {
    const { motion, pickable } = this.scene;
    const { projection } = this.view;
    const area = new Lasso(path);
    const positions = motion.current();
    const out = new Float64Array(3);
    const found: number[] = [];
    for (let index = 0, i = 0; i + 2 < positions.length; index++, i += 3) {
      const x = positions[i] as number;
      if (x > MISSING_FROM || pickable?.[index] === 0) continue;
      if (!projection.project(x, positions[i + 1] as number, positions[i + 2] as number, out)) {
        continue;
      }
      if (area.contains(out[0] as number, out[1] as number)) found.push(index);
    }
    return found;
  }

  /** The points in view. */
  inView(): number[] {
    const { width, height } = this.view.size;
    const corners = [
      [0, 0],
      [width, 0],
      [width, height],
      [0, height],
    ] as const;
    return this.within(corners.map(([x, y]) => ({ x, y })));
  }

  setTrails(trails: readonly Trail[]): void {
    this.trails = trails;
    this.loop.ask();
  }

  /** Arrows from where points were to where they are; null for none. */
  setArrows(arrows: Arrows | null): void {
    this.arrows = arrows;
    this.loop.ask();
  }

  /** Shows the first two coordinates, or all three from an eye that drags turn. */
  setMode(mode: Mode): void {
    this.view.setMode(mode, flightMs());
    this.viewChanged();
  }

  /** In 2-D: a unit as long upwards as across, or each axis as long as there is room. */
  setAxes(axes: Axes): void {
    this.view.setAxes(axes, flightMs());
    this.viewChanged();
  }

  /** Brings all points into view. */
  fit(): void {
    this.askInsets();
    this.view.fit(flightMs());
    this.viewChanged();
  }

  /** Where the map is looked at from; null where all is in view, as after `fit`. */
  get eye(): Eye | null {
    return this.view.eye;
  }

  lookFrom(eye: Eye | null): void {
    this.askInsets();
    this.view.lookFrom(eye, flightMs());
    this.viewChanged();
  }

  /** Brings a point into view if it is not. */
  reveal(index: number): void {
    const place = new Float64Array(3);
    if (!this.scene.motion.at(index, place)) return;
    const [x = 0, y = 0, z = 0] = place;
    this.view.reveal([x, y, z], flightMs());
    this.viewChanged();
  }

  /** @param at what stays in place, CSS pixels in the host; the middle if left out */
  zoomBy(factor: number, at?: Point): void {
    const { width, height } = this.view.size;
    this.view.zoomBy(factor, at ?? { x: width / 2, y: height / 2 });
    this.viewChanged();
  }

  /** Moves what is seen, CSS pixels. */
  panBy(dx: number, dy: number): void {
    this.view.pan(dx, dy);
    this.viewChanged();
  }

  /** Turns what is seen, as a drag of so many CSS pixels would. Does nothing in 2-D. */
  orbitBy(dx: number, dy: number): void {
    this.view.orbit(dx, dy);
    this.viewChanged();
  }

  /** Where a point is now, CSS pixels in the host; null if it is not drawn anywhere. */
  project(index: number): Point | null {
    const place = new Float64Array(3);
    if (!this.scene.project(index, this.view.projection, place)) return null;
    const [x = 0, y = 0] = place;
    return { x, y };
  }

  /** Whether a unit is drawn longer along one axis than along another. */
  get isStretched(): boolean {
    return this.view.isStretched;
  }

  /** How many of these positions are out of view even when all is fit: far outliers. */
  countOutside(positions: Float32Array): number {
    return countOutside(positions, this.view.bounds, this.view.mode, this.view.stretch);
  }

  /** Draws once more, though nothing changed. */
  redraw(): void {
    this.loop.ask();
  }

  /** Pixels across the square that a point of the usual size is drawn in. */
  get pointSide(): number {
    return (this.look.diameter + 1) * window.devicePixelRatio;
  }

  /** Whether points are on their way. */
  get isMoving(): boolean {
    return this.scene.motion.share < 1;
  }

  /** What was drawn last; readable right after a frame was drawn. */
  get canvas(): HTMLCanvasElement {
    return this.stage.canvas;
  }

  /** The map on a canvas of its own, with so many pixels to a CSS pixel. */
  paint(ratio: number): HTMLCanvasElement {
    const { width, height } = this.view.size;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const renderer = this.stage.newRenderer(canvas);
    this.scene.handTo(renderer);
    const { projection } = this.view;
    renderer.draw(this.frameAt(performance.now(), projection, this.look));
    // Copied: what a renderer drew is gone with it.
    const copy = document.createElement("canvas");
    copy.width = canvas.width;
    copy.height = canvas.height;
    copy.getContext("2d")?.drawImage(canvas, 0, 0);
    renderer.dispose();
    return copy;
  }

  /** The map as it is seen now, with the so many points of it that are drawn topmost. */
  snapshot(mostPoints: number): Snapshot {
    const { labels, look, scene, view } = this;
    const { accent, background, label, labelHalo } = scene.theme;
    const { projection } = view;
    const shown = this.pointsInView(projection, look);
    const marks = scene.selection.filter((index) => scene.isDrawn(index));
    return {
      size: view.size,
      background,
      accent,
      labelColor: label,
      labelHalo,
      font: labels.fontFamily,
      points: shown.slice(-mostPoints),
      pointsInView: shown.length,
      lines: linesOf(this.strokes(projection, look.diameter / 2).numbers),
      marks: marks.flatMap((index) => this.spotOf(index) ?? []),
      labels: labels.sprites(performance.now()).map((sprite) => ({
        ...sprite,
        strong: sprite.key % 2 === 1,
      })),
    };
  }

  get frameStats(): FrameStats {
    return this.loop.stats;
  }

  /** Takes the map out of its host and frees what it holds. */
  dispose(): void {
    this.listening.abort();
    this.loop.stop();
    this.scene.stopMoving();
    this.stage.dispose();
  }

  private inputTarget(): InputTarget {
    return {
      mode: () => this.view.mode,
      pan: (dx, dy) => this.panBy(dx, dy),
      orbit: (dx, dy) => this.orbitBy(dx, dy),
      zoom: (factor, at) => this.zoomBy(factor, at),
      fit: () => this.fit(),
      hover: (at) => this.hoverAt(at),
      pick: (at, touch, additive) => {
        this.options.onPick?.(this.find(at, touch ? TOUCH_REACH : MOUSE_REACH), { additive });
      },
      lassoing: () => this.options.lassoing?.() ?? false,
      lasso: (path) => {
        this.lasso = path;
        this.drawOverlay();
      },
      lassoed: (path, how) => this.options.onLasso?.(this.within(path), how),
    };
  }

  /** The point at a place: a near one before a label before one within reach. */
  private find(at: Point, reach: number): number | null {
    const { motion, pickable } = this.scene;
    const radius = this.look.diameter / 2;
    const near = (distance: number) => this.hits.at(at, distance, this.view, motion, pickable);
    return near(radius + 1) ?? this.labels.hit(at) ?? near(radius + reach);
  }

  private hoverAt(at: Point | null): void {
    const index = at === null ? null : this.find(at, MOUSE_REACH);
    if (index === this.scene.hovered) return;
    this.setHover(index);
    const place = index === null ? null : this.project(index);
    this.options.onHover?.(index, place ?? at ?? { x: 0, y: 0 });
  }

  private get look(): PointLook {
    return pointLook(this.scene.motion.count, this.view.size, this.view.zoom);
  }

  private draw(now: number, settled: boolean): boolean {
    const { labels, scene, stage, view } = this;
    if (stage.renderer === null) return false;
    stage.resize();
    const flies = view.advance(now);
    if (flies) this.hits.viewMoved(view);
    const wasMoving = scene.motion.share < 1;
    const changes = scene.advance(now);
    if (wasMoving) this.hits.pointsMoved();
    const projection = view.projection;
    const look = this.look;
    labels.update({
      size: projection.size,
      now,
      radius: look.diameter / 2,
      moving: scene.motion.share < 1,
      settled,
      forced: scene.named,
      visible: scene.pickable,
      reserved: this.options.reserved?.() ?? [],
      place: (index, out) => scene.project(index, projection, out),
    });
    stage.renderer.draw(this.frameAt(now, projection, look));
    this.drawOverlay();
    this.options.onFrame?.();
    return flies || changes || labels.isFading(now);
  }

  private drawOverlay(): void {
    const { scene, stage, view } = this;
    stage.overlay.draw(view.size, this.spot(), this.lasso, scene.theme.accent);
  }

  private pointsInView(projection: Projection, look: PointLook): SnapshotPoint[] {
    const { scene, view } = this;
    const { width, height } = view.size;
    const place = new Float64Array(3);
    const points: SnapshotPoint[] = [];
    for (const index of scene.order()) {
      if (!scene.project(index, projection, place)) continue;
      const [x = 0, y = 0, depth = 1] = place;
      if (x < 0 || y < 0 || x > width || y > height) continue;
      const radius = (look.diameter * scene.sizeOf(index)) / depth / 2;
      const opacity = look.opacity * (scene.isDimmed(index) ? DIMMED : 1);
      points.push({ x, y, radius, color: scene.colorOf(index), opacity });
    }
    return points;
  }

  /** A point as it is drawn above the others; null where it is not drawn. */
  private spotOf(index: number): SnapshotPoint | null {
    const { scene } = this;
    const place = new Float64Array(3);
    if (!scene.isDrawn(index)) return null;
    if (!scene.project(index, this.view.projection, place)) return null;
    const [x = 0, y = 0, depth = 1] = place;
    const diameter = Math.max((this.look.diameter * scene.sizeOf(index)) / depth, SPOT_DIAMETER);
    return { x, y, radius: diameter / 2, color: scene.colorOf(index), opacity: 1 };
  }

  private spot(): Spot | null {
    const { hovered, theme } = this.scene;
    const point = hovered === null ? null : this.spotOf(hovered);
    return point && { ...point, ring: theme.accent, background: theme.background };
  }

  private showCursor(): void {
    const { hovered } = this.scene;
    const isLassoing = this.options.lassoing?.() ?? false;
    this.stage.setCursor(isLassoing ? "crosshair" : hovered === null ? "default" : "pointer");
  }

  private frameAt(now: number, projection: Projection, look: PointLook): Frame {
    const { labels, scene, view } = this;
    return {
      projection,
      motion: scene.motion.share,
      recolor: scene.recolor,
      diameter: look.diameter,
      opacity: look.opacity,
      depth: view.camera.perspective,
      background: scene.colors.background,
      accent: scene.colors.accent,
      labeled: labels.labeled,
      strokes: this.strokes(projection, look.diameter / 2),
      sprites: labels.sprites(now),
      spriteStyle: {
        color: scene.theme.label,
        halo: scene.theme.labelHalo,
        lineHeight: LINE_HEIGHT,
        smooth: scene.motion.share < 1,
      },
    };
  }

  private strokes(projection: Projection, radius: number): Strokes {
    const { scene } = this;
    const { accent, background, label } = scene.colors;
    const strokes = new Strokes();
    if (this.arrows?.from.length === scene.motion.to.length) {
      const selected = new Set(scene.selection);
      const place = (index: number, out: Float64Array) =>
        scene.isDrawn(index) && scene.project(index, projection, out);
      const color = (index: number) => (selected.has(index) ? accent : label);
      addArrows(strokes, this.arrows, projection, place, radius + 1, color);
    }
    for (const trail of this.trails) {
      addTrail(strokes, trail, projection, trail.color ?? accent, background);
    }
    this.labels.addLeaders(strokes, [...label, 0.5]);
    return strokes;
  }

  private askInsets(): void {
    const insets = this.options.insets?.();
    if (insets) this.view.setInsets(insets);
  }

  private viewChanged(): void {
    this.hits.viewMoved(this.view);
    this.loop.ask();
  }

  /** Draws at once: a canvas of another size is empty until it is drawn. */
  private resized(): void {
    this.askInsets();
    this.view.resize(this.stage.size);
    this.hits.viewMoved(this.view);
    this.loop.now();
  }
}

function flightMs(): number {
  return prefersReducedMotion() ? 0 : FLIGHT_MS;
}
