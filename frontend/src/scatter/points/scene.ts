/** Holds the points of the map: where they are, how they look and in which order they are drawn. */

import { PALETTES, type Palette } from "../../theme/palette";
import { memo } from "../../util/memo";
import { bothMasks } from "../../util/row_lists";
import { Tween } from "../tween";
import type { Projection } from "../view/camera";
import type { Colormap } from "./colormaps";
import { cssToRgba } from "./css_colors";
import { byHeight, drawOrder, shuffled } from "./draw_order";
import { PointMotion } from "./point_motion";
import { PointStyles } from "./point_styles";

const RECOLOR_MS = 250;
/** The most selected points whose labels are always shown. */
export const MOST_NAMED = 12;

/** What became of a neighbor of a token: its ring and its label have the color of this role. */
export type Fate = "gained" | "kept" | "lost";

/** Points, each with a ring in the color of a role of the palette. */
export interface Ring {
  readonly role: Fate | "accent";
  readonly points: Uint32Array;
}

export function colorOf(theme: Palette, role: Ring["role"] | "text" | "muted" | "region"): string {
  if (role === "region") return theme.series[0];
  return theme[role === "kept" ? "text" : role];
}

/** The painters read it when they draw: nothing is handed over before. */
export class Scene {
  readonly motion = new PointMotion();
  readonly styles = new PointStyles();
  theme: Palette = PALETTES.light;
  selection: readonly number[] = [];
  /** What became of the neighbors of the focused token, by their points. */
  neighbors: ReadonlyMap<number, Fate> = new Map();
  /** The points with a ring that are drawn, the topmost last. */
  rings: readonly Ring[] = [];
  hovered: number | null = null;
  /** How far points are from their old to their new color, 0..1. */
  readonly recolor = new Tween();
  /** Points, most important first, whose labels and dots are drawn above others. */
  priority: Uint32Array = new Uint32Array(0);
  /** 0 for each point that is filtered out or not drawn, and so never picked; null if none is. */
  pickable: Uint8Array | null = null;
  /** The same, and 0 for each point that is dimmed, and so never labeled unless it is named. */
  nameable: Uint8Array | null = null;
  private visible: Uint8Array | null = null;
  private highlighted: Uint8Array | null = null;
  /** 0 for each point that is dimmed. */
  private bright: Uint8Array | null = null;
  private drawn: Uint8Array | null = null;
  private readonly brightOf = memo((mask: Uint8Array | null, count: number) =>
    mask === null ? count : mask.reduce((sum, value) => sum + value, 0),
  );
  private isSelected = new Uint8Array(0);
  private readonly ordered = drawOrder();
  /** The positions by whose height the points are ordered. */
  private arranged: Float32Array = this.motion.to;
  /** All points, by height or shuffled: null until a painter needs them. */
  private heights: Uint32Array | null = null;
  private shuffle: Uint32Array | null = null;
  private colormap: Colormap = new Uint8Array(256 * 4);
  private hasValues = false;

  /**
   * Returns the points whose label is always shown, most important first: the selected ones, of
   * many only the last, and the neighbors.
   */
  get named(): readonly number[] {
    const { neighbors, selection } = this;
    const some = selection.length > MOST_NAMED ? selection.slice(-1) : selection.toReversed();
    return [...new Set([...some, ...neighbors.keys()])].filter((index) => this.isDrawn(index));
  }

  /** Returns the number of points that are drawn and not dimmed. */
  get brightCount(): number {
    return this.brightOf(this.nameable, this.motion.count);
  }

  isDrawn(index: number): boolean {
    const { count } = this.motion;
    return index >= 0 && index < count && (this.drawn === null || this.drawn[index] !== 0);
  }

  /** Returns whether a point stands out because it is selected. */
  isMarked(index: number): boolean {
    return this.isSelected[index] === 1;
  }

  /**
   * Writes x and y in CSS pixels and the depth to `out`.
   *
   * @returns how present the point is, 0..1: 0 if it is nowhere, less than 1 on its way to or
   *   from nowhere
   */
  project(index: number, projection: Projection, out: Float64Array): number {
    const presence = this.motion.at(index, out);
    return presence > 0 && projection.project(out, 0, out) ? presence : 0;
  }

  /** Sets the colors of all but the values. */
  setTheme(theme: Palette): void {
    this.theme = theme;
    this.setColormap(this.colormap);
  }

  setPositions(positions: Float32Array): void {
    this.motion.set(positions);
    if (this.styles.count !== this.motion.count) this.startTable();
  }

  get isMoving(): boolean {
    return this.motion.share < 1;
  }

  /** Colors points by value, blending from the colors before. NaN, or no values, is gray. */
  setValues(values: Float32Array | null, domain: readonly [number, number], map: Colormap): void {
    this.styles.setValues(values, domain, this.recolor.share);
    this.recolor.begin(this.hasValues ? RECOLOR_MS : 0);
    this.hasValues = true;
    this.setColormap(map);
  }

  /** Filters out points with 0: dims them, and never picks them. null filters out none. */
  setVisible(mask: Uint8Array | null): void {
    this.visible = mask;
    this.dim();
  }

  /** Dims points with 0, so that the others stand out; they can be picked. null dims none. */
  setHighlighted(mask: Uint8Array | null): void {
    this.highlighted = mask;
    this.dim();
  }

  /** Draws only points with 1; null draws all. */
  setDrawn(mask: Uint8Array | null): void {
    this.drawn = mask;
    this.dim();
    this.setSelection(this.selection);
  }

  /** Marks points that are drawn once more, above the others; some may not be in this table. */
  setSelection(selection: readonly number[]): void {
    this.selection = selection;
    this.isSelected = new Uint8Array(this.motion.count);
    for (const index of selection) if (this.isDrawn(index)) this.isSelected[index] = 1;
    this.ring();
  }

  /** Marks the neighbors of the focused token, the nearest first. */
  setNeighbors(neighbors: ReadonlyMap<number, Fate>): void {
    this.neighbors = neighbors;
    this.ring();
  }

  /** Moves points and colors along to a time; returns true while something is under way. */
  advance(now: number): boolean {
    return [this.motion.advance(now), this.recolor.advance(now)].includes(true);
  }

  /**
   * Returns the points to draw, each once: the last is drawn on top. Where there are more than
   * `mostPoints`, the last ones are a fair sample of all. The same array means the same order.
   */
  order(mostPoints: number): Uint32Array {
    const { count } = this.motion;
    let points: Uint32Array;
    if (count > mostPoints) points = this.shuffle ??= shuffled(count);
    else points = this.heights ??= byHeight(this.arranged);
    return this.ordered(points, this.priority, this.bright, this.drawn);
  }

  /** Orders the points by their height in a new layout, in which all of them lie elsewhere. */
  arrange(positions: Float32Array): void {
    this.arranged = positions;
    this.heights = null;
  }

  private startTable(): void {
    const { count, to } = this.motion;
    this.styles.resize(count);
    this.arrange(to);
    this.shuffle = null;
    this.hasValues = false;
    this.drawn = this.drawn?.length === count ? this.drawn : null;
    this.highlighted = this.highlighted?.length === count ? this.highlighted : null;
    this.setVisible(this.visible?.length === count ? this.visible : null);
    this.setSelection(this.selection);
  }

  private dim(): void {
    this.bright = bothMasks(this.visible, this.highlighted);
    this.pickable = bothMasks(this.visible, this.drawn);
    this.nameable = bothMasks(this.bright, this.drawn);
    this.styles.setVisible(this.bright);
  }

  private ring(): void {
    const withRole = (role: Ring["role"], points: readonly number[]): Ring => ({
      role,
      points: Uint32Array.from(points.filter((index) => this.isDrawn(index))),
    });
    const of = (fate: Fate) =>
      [...this.neighbors].flatMap(([index, one]) => (one === fate ? [index] : []));
    this.rings = [
      ...(["lost", "kept", "gained"] as const).map((fate) => withRole(fate, of(fate))),
      withRole("accent", this.selection),
    ];
  }

  private setColormap(colormap: Colormap): void {
    this.colormap = colormap;
    this.styles.setPalette(colormap, cssToRgba(this.theme.line));
  }
}
