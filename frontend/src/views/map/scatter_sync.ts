/** Passes changes of the state to the renderer of the map. */

import type { Positions, Trails } from "../../api/contract.gen";
import type { Axes } from "../../scatter/painting/map_drawing";
import { MOST_NAMED } from "../../scatter/points/scene";
import type { Eye, Scatter, Trail } from "../../scatter/scatter";
import { layoutKey, pointsOf, trailPointsOf } from "../../selectors/map/map_layout";
import type { View } from "../../state/view";
import { text } from "../../strings";
import { PALETTES } from "../../theme/palette";
import { maskOf, membersFirst, within } from "../../util/row_lists";
import { polesOf } from "../../util/token_expression";
import type { MapSlice } from "./map_slice";
import { giveColors, shapesOf, sizesWithSets } from "./point_colormap";

const STEP_MS = 600;
const MORPH_MS = 900;

export class ScatterSync {
  /** The number of tokens that are out of view even when the map is zoomed to fit. */
  outside = 0;
  /** The run, tag and layout of the positions in the renderer. */
  private table = "";
  private layout = "";
  /** The values that the renderer has now, by the name of the setting. */
  private readonly given = new Map<string, readonly unknown[]>();

  constructor(private readonly scatter: Scatter) {}

  update(slice: MapSlice): void {
    const { drawing, viewpoint } = this.scatter;
    this.give("theme", [slice.theme], () => drawing.scene.setTheme(PALETTES[slice.theme]));
    this.give("mode", [slice.mode, slice.axes], () => viewpoint.setMode(slice.mode, slice.axes));
    this.give("playing", [slice.playing], () => {
      this.scatter.isPlaying = slice.playing;
    });
    const { positions } = slice;
    if (!positions) {
      this.clear();
      return;
    }
    // In another run, tokens are in the same rows and in the same basis.
    const points = pointsOf(slice.there ?? positions);
    const rows = points.length / 3;
    this.givePositions(slice, positions, points);
    this.giveBounds(slice);
    this.giveLooks(slice, rows);
    this.giveSelection(slice, rows);
    this.scatter.setHover(slice.hovered);
    const { trails } = slice;
    // Trails lead to where the tokens are in this run.
    const way = trails && !slice.there && layoutKey(trails) === this.layout ? trails : null;
    // Without a trail, changes of its step or colors need no new frame.
    const looks = way && [slice.step, slice.selection, slice.marks, slice.theme];
    this.give("trails", [way, ...(looks ?? [])], () => {
      drawing.trails = way ? trailsOf(way, slice) : [];
    });
    this.giveArrows(slice);
    const { layout, components, expressions } = positions;
    const axes = JSON.stringify([layout, components, expressions]);
    this.give("axes", [axes, slice.mode], () => {
      drawing.axes = axesOf(positions, slice.mode);
    });
    this.giveEye(slice);
    const { first, newest, mode, isolated } = slice;
    // Counting costs frames while playing, and users do not read the number then.
    if (slice.playing && this.given.has("outside")) return;
    this.give("outside", [points, first, newest, mode, slice.axes, isolated, this.layout], () => {
      this.outside = isolated ? 0 : viewpoint.countOutside(points);
    });
  }

  /** Takes the points of the last table away. */
  private clear(): void {
    if (!this.table) return;
    this.table = "";
    this.forget();
    this.outside = 0;
    const { scatter } = this;
    const { drawing } = scatter;
    scatter.animateTo(NO_POINTS, 0);
    drawing.scene.priority = new Uint32Array();
    drawing.labels.setTokens([]);
    drawing.scene.setSelection([]);
    drawing.scene.setNeighbors(new Map());
    drawing.trails = [];
    drawing.arrows = null;
    drawing.axes = null;
    scatter.setHover(null);
  }

  private forget(): void {
    for (const name of this.given.keys()) if (!LASTING.has(name)) this.given.delete(name);
  }

  /** Sets the viewpoint, once the extent of all steps is known. */
  private giveEye({ eye }: MapSlice): void {
    if (!this.given.has("bounds")) return;
    const isNew = !this.given.has("eye");
    this.give("eye", [eye], () => {
      if (eye || !isNew) this.scatter.viewpoint.lookFrom(eye);
    });
  }

  /** Returns the viewpoint that the user moved to; undefined if it equals the one in the state. */
  get newEye(): Eye | null | undefined {
    const [known] = this.given.get("eye") ?? [undefined];
    const { eye } = this.scatter.viewpoint;
    if (known === undefined || JSON.stringify(known) === JSON.stringify(eye)) return undefined;
    this.given.set("eye", [eye]);
    return eye;
  }

  private giveArrows({ arrows, reference, selection, priority }: MapSlice): void {
    const isKnown = arrows && reference !== null && layoutKey(reference) === this.layout;
    const known = isKnown ? reference : null;
    this.give("arrows", [known, selection, priority], () => {
      const most = priority?.subarray(0, MOST_ARROWS) ?? [];
      const indices = [...new Set([...most, ...selection.slice(-MOST_ARROWS)])];
      this.scatter.drawing.arrows = known && { indices, from: pointsOf(known) };
    });
  }

  private giveBounds(slice: MapSlice): void {
    const { scatter } = this;
    const { first, newest, reference, isolated, drawn } = slice;
    const frames = this.framesOf(slice, this.layout);
    if (frames) {
      const extent = [first, newest, slice.other && reference, isolated];
      this.give("bounds", extent, () => scatter.setBounds(frames, isolated));
    }
    const isNew = this.given.has("isolated");
    this.give("drawn", [drawn], () => scatter.drawing.scene.setDrawn(drawn));
    this.give("isolated", [isolated], () => {
      if (isNew || isolated) scatter.viewpoint.fit();
    });
  }

  private giveLooks(slice: MapSlice, rows: number): void {
    const { priority, colors, kept, highlighted, selection, sizes, theme } = slice;
    const { labels, scene } = this.scatter.drawing;
    const setColors = slice.setColors?.length === rows ? slice.setColors : null;
    if (priority !== null && slice.labels.length === rows) {
      // Selected points and those in saved selections are drawn on top and labeled first.
      const many = selection.length > MOST_NAMED ? selection : null;
      this.give("labels", [slice.labels, priority, setColors, many], () => {
        labels.setTokens(slice.labels);
        const order = membersFirst(priority, setColors);
        scene.priority = membersFirst(order, many && maskOf(many, rows));
      });
    }
    if (!colors || colors.values.length === rows) {
      this.give("values", [colors, setColors, theme], () =>
        giveColors(scene, colors, setColors, theme),
      );
    }
    const factors = sizes?.factors.length === rows ? sizes.factors : null;
    const faded = slice.doubt?.shares.length === rows ? slice.doubt.shares : null;
    this.give("faded", [faded], () => scene.styles.setFaded(faded));
    const shapes = shapesOf(colors);
    this.give("shapes", [shapes], () => {
      scene.styles.setShapes(shapes?.length === rows ? shapes : null);
    });
    this.give("sizes", [factors, setColors], () =>
      scene.styles.setSizes(setColors ? sizesWithSets(factors, setColors) : factors),
    );
    this.give("kept", [kept], () => {
      scene.setVisible(kept);
      // While playing, what a filter leaves changes with each step, and labels stay steady.
      if (!slice.playing) labels.startOver();
    });
    this.give("highlighted", [highlighted], () => {
      scene.setHighlighted(highlighted);
      labels.startOver();
    });
  }

  private giveSelection(slice: MapSlice, rows: number): void {
    const { highlighted, isolated, neighbors, selection } = slice;
    const { scatter } = this;
    this.give("neighbors", [neighbors], () => scatter.drawing.scene.setNeighbors(neighbors));
    this.give("selection", [selection, isolated, highlighted !== null], () => {
      const known = within(selection, rows);
      // Rings around all points would single out none, so only the last one gets a ring.
      const standsOut = highlighted === null && known.length !== isolated?.length;
      scatter.drawing.scene.setSelection(standsOut ? known : known.slice(-1));
      const picked = known.at(-1);
      // In a large selection the position of the last point says little about the others.
      if (picked !== undefined && known.length <= MOST_REVEALED) scatter.reveal(picked);
    });
  }

  /**
   * Sets the positions. Points of another table appear at once; points of another step move, and so
   * do those of another layout once the extent of all its steps is known.
   */
  private givePositions(slice: MapSlice, answer: Positions, points: Float32Array): void {
    const { scatter } = this;
    const table = JSON.stringify([answer.run, answer.tag]);
    const layout = layoutKey(answer);
    const [before] = (this.given.get("positions") ?? []) as Float32Array[];
    if (before?.length !== points.length || this.table !== table) {
      this.table = table;
      this.layout = layout;
      scatter.viewpoint.fit();
      this.forget();
      this.give("positions", [points], () => scatter.animateTo(points, 0));
    } else if (layout !== this.layout) this.morph(slice, layout, points);
    else {
      const usual = slice.playing ? Math.min(STEP_MS, 0.9 * slice.frameMs) : STEP_MS;
      const duration = slice.filming ?? usual;
      this.give("positions", [points], () => scatter.animateTo(points, duration));
    }
  }

  private morph(slice: MapSlice, layout: string, points: Float32Array): void {
    const frames = this.framesOf(slice, layout);
    if (!frames) return;
    const { first, newest, reference, isolated } = slice;
    this.layout = layout;
    this.given.set("bounds", [first, newest, slice.other && reference, isolated]);
    this.give("positions", [points], () =>
      this.scatter.morphTo(points, frames, isolated, MORPH_MS),
    );
  }

  /**
   * Returns the positions of the first and the newest step in a layout, and those in another run
   * once they are there; null until both are loaded.
   */
  private framesOf(slice: MapSlice, layout: string): Float32Array[] | null {
    const { first, newest, other, reference } = slice;
    if (!first || !newest) return null;
    const fit = layoutKey(first) === layout && layoutKey(newest) === layout;
    const there = other && reference && layoutKey(reference) === layout ? [reference] : [];
    return fit ? [first, newest, ...there].map(pointsOf) : null;
  }

  /** Calls `set`, and has a frame drawn, if the values differ from those that the renderer has. */
  private give(name: string, values: readonly unknown[], set: () => void): void {
    const before = this.given.get(name);
    if (before?.every((value, at) => Object.is(value, values[at]))) return;
    this.given.set(name, values);
    set();
    this.scatter.redraw();
  }
}

const NO_POINTS = new Float32Array();
const MOST_REVEALED = 8;
/** The number of arrows for the most moved tokens, and for the selected ones; more would overlap. */
const MOST_ARROWS = 40;

/** The settings that the renderer keeps when the table changes. */
const LASTING: ReadonlySet<string> = new Set(["theme", "mode", "playing"]);

/** The opacity of the trails of tokens that are not inspected. */
const OTHERS = 0.55;

function trailsOf(answer: Trails, { step, selection, marks, theme }: MapSlice): Trail[] {
  const { indices, steps } = answer;
  const points = trailPointsOf(answer);
  const length = steps.length * 3;
  const current = Math.max(0, steps.indexOf(step ?? Number.NaN));
  const inspected = selection.at(-1);
  const trails = indices.map((index, at) => ({
    index,
    points: points.subarray(at * length, (at + 1) * length),
    current,
    strength: index === inspected ? 1 : OTHERS,
    color: PALETTES[theme].marks[marks.get(index) ?? -1],
  }));
  // Trails of tokens that were deselected since the response disappear at once.
  return trails.filter(({ index }) => selection.includes(index));
}

/** Returns what the map draws of its axes; null for axes that mean nothing by themselves. */
function axesOf(positions: Positions, mode: View["mode"]): Axes | null {
  const { components, expressions, layout } = positions;
  if (layout === "tsne") return null;
  if (layout === "pca") {
    return mode === "3d" ? { names: components.map((one) => text.component(one, null)) } : null;
  }
  const ends = expressions.map((expression) =>
    expression.trim() ? polesOf(expression) : { negative: "", positive: text.orthogonal },
  );
  return mode === "3d" ? { names: ends.map(({ positive }) => positive) } : { ends };
}
