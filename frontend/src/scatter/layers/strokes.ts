/** Describes the lines and dots that are drawn over the points of the map: trails and arrows. */

import type { Flow } from "../../density_and_regions/flow";
import type { Projection } from "../view/camera";

/** A line with round ends, in CSS pixels. It is a dot where both ends are the same. */
export interface Stroke {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
  readonly radius: number;
  /** A CSS color. */
  readonly color: string;
  /** 0..1 */
  readonly opacity: number;
}

function dot(x: number, y: number, radius: number, color: string, opacity: number): Stroke {
  return { ax: x, ay: y, bx: x, by: y, radius, color, opacity };
}

/** The path of a token over the steps. */
export interface Trail {
  readonly index: number;
  /** `[steps, 3]`; a row with NaN is a gap. */
  readonly points: Float32Array;
  /** The step that the slider shows, as a row of `points`. */
  readonly current: number;
  /** The opacity of the whole trail, 0..1. */
  readonly strength: number;
  /** A CSS color; the theme's accent if left out. */
  readonly color?: string | undefined;
}

const FAINTEST = 0.2;
const STRONGEST = 0.9;
const LINE_RADIUS = 0.9;
const DOT_RADIUS = 2;
const END_RADIUS = 3;
/** The most steps with a dot each: more dots would touch and look like a second line. */
const MAX_DOTS = 60;

/**
 * Returns a path as strokes: a line that fades from the last step back to the first, a dot for
 * each step, and a hollow dot where it starts.
 */
export function trailStrokes(
  { points, current, strength }: Trail,
  projection: Projection,
  color: string,
  background: string,
): Stroke[] {
  const steps = Math.floor(points.length / 3);
  const out = new Float64Array(3);
  const places = Array.from({ length: steps }, (_, step) => {
    if (!projection.project(points, step, out)) return null;
    const [x = 0, y = 0] = out;
    return { x, y };
  });
  const faded = (step: number) =>
    strength * (FAINTEST + (STRONGEST - FAINTEST) * (step / Math.max(steps - 1, 1)));
  const lines = places.flatMap((to, step): Stroke[] => {
    const from = places[step - 1];
    if (!from || !to) return [];
    const ends = { ax: from.x, ay: from.y, bx: to.x, by: to.y };
    return [{ ...ends, radius: LINE_RADIUS, color, opacity: faded(step) }];
  });
  const dots = places.flatMap((place, step): Stroke[] => {
    const isLarge = step === 0 || step === steps - 1 || step === current;
    if (!place || (steps > MAX_DOTS && !isLarge)) return [];
    const { x, y } = place;
    const full = isLarge
      ? dot(x, y, END_RADIUS, color, strength)
      : dot(x, y, DOT_RADIUS, color, faded(step));
    return step === 0 ? [full, dot(x, y, END_RADIUS - 1.25, background, 1)] : [full];
  });
  return [...lines, ...dots];
}

/** Arrows from where tokens were at the reference step to where they are. */
export interface Arrows {
  readonly indices: readonly number[];
  /** Where all points were at the reference step, `[n, 3]`. */
  readonly from: Float32Array;
}

const SHAFT_RADIUS = 0.55;
const HEAD_LENGTH = 7;
const HEAD_SPREAD = 0.42;
/** A shorter arrow, in CSS pixels, shows no direction. */
const SHORTEST = 6;

/**
 * Returns an arrow that ends `gap` CSS pixels before its tip: at the edge of the point.
 *
 * @param strength the opacity of the whole arrow, 0..1
 */
export function arrow(
  tail: readonly [number, number],
  tip: readonly [number, number],
  gap: number,
  color: string,
  strength = 1,
  radius = SHAFT_RADIUS,
): Stroke[] {
  const [ax, ay] = tail;
  const length = Math.hypot(tip[0] - ax, tip[1] - ay);
  if (length < SHORTEST + gap) return [];
  const [ux, uy] = [(tip[0] - ax) / length, (tip[1] - ay) / length];
  const end = { bx: tip[0] - ux * gap, by: tip[1] - uy * gap, radius, color };
  const reach = Math.min(HEAD_LENGTH, length / 2);
  const head = [HEAD_SPREAD, -HEAD_SPREAD].map((side) => ({
    ...end,
    ax: end.bx - reach * (ux * Math.cos(side) - uy * Math.sin(side)),
    ay: end.by - reach * (ux * Math.sin(side) + uy * Math.cos(side)),
    opacity: 0.8 * strength,
  }));
  return [{ ...end, ax, ay, opacity: 0.5 * strength }, ...head];
}

/** Returns all arrows. `place` writes where a point is now; it returns 0 if it is not drawn. */
export function arrowsOf(
  { indices, from }: Arrows,
  projection: Projection,
  place: (index: number, out: Float64Array) => number,
  gap: number,
  color: (index: number) => string,
): Stroke[] {
  const [tip, tail] = [new Float64Array(3), new Float64Array(3)];
  return indices.flatMap((index) => {
    if (!place(index, tip) || !projection.project(from, index, tail)) return [];
    const [ax = 0, ay = 0] = tail;
    const [bx = 0, by = 0] = tip;
    return arrow([ax, ay], [bx, by], gap, color(index));
  });
}

const FLOW_RADIUS = 0.9;
/** The longest arrow of a flow, in distances between its places. */
const FLOW_LENGTH = 1.25;
/** The share of the arrows that are no longer than that. */
const FLOW_USUAL = 0.95;
/** No flow is drawn where no point went farther than so many CSS pixels. */
const STILL = 0.5;

/** Returns an arrow to each place of a flow, all of them shortened or lengthened alike. */
export function flowStrokes(flow: Flow, projection: Projection, color: string): Stroke[] {
  const { agreement, places, spacing, ways } = flow;
  const out = new Float64Array(3);
  const at = (x = 0, y = 0): readonly [number, number] => {
    projection.project(Float64Array.of(x, y, 0), 0, out);
    return [out[0] as number, out[1] as number];
  };
  const arrows = Array.from(agreement, (agrees, place) => {
    const [x = 0, y = 0] = places.subarray(2 * place, 2 * place + 2);
    const [dx = 0, dy = 0] = ways.subarray(2 * place, 2 * place + 2);
    const [tail, tip] = [at(x - dx, y - dy), at(x, y)];
    const way = [tip[0] - tail[0], tip[1] - tail[1]] as const;
    return { agrees, tip, way, length: Math.hypot(...way) };
  });
  const reach = FLOW_LENGTH * spacing;
  const { width, height } = projection.size;
  const inView = ([x, y]: readonly [number, number]) =>
    x > -reach && y > -reach && x < width + reach && y < height + reach;
  const lengths = arrows.map(({ length }) => length).sort((a, b) => a - b);
  const longest = lengths[Math.floor(FLOW_USUAL * (lengths.length - 1))] ?? 0;
  if (longest < STILL) return [];
  return arrows.flatMap(({ agrees, tip, way, length }) => {
    if (!inView(tip)) return [];
    const times = reach / Math.max(longest, length);
    const tail = [tip[0] - times * way[0], tip[1] - times * way[1]] as const;
    return arrow(tail, tip, 0, color, agrees, FLOW_RADIUS);
  });
}
