/** Draws what the axes of the map mean: zero lines, ticks and poles, or a triad in 3-D. */

import type { Poles } from "../../util/token_expression";
import type { Axis } from "../geometry";
import { directions } from "../view/camera";
import type { Viewpoint } from "../view/viewpoint";
import type { Label, LabelLayer } from "./label_layer";
import type { Stroke } from "./strokes";

export interface AxisMarks {
  readonly strokes: readonly Stroke[];
  readonly labels: readonly Label[];
}

export const NO_MARKS: AxisMarks = { strokes: [], labels: [] };

const MARGIN = 8;
/** About so far apart are ticks, CSS pixels. */
const TICK_GAP = 90;
const TICK = 3;
/** No numbers go where the poles are: so far from the edges. */
const FOR_POLES = 110;
const TRIAD = 34;
/** What lies upon the head of the map has a margin of its own. */
const BELOW_HEAD = 16;

/** Returns zero lines, ticks and poles of two axes, which meet at zero or else at the edge. */
export function flatMarks(
  ends: readonly Poles[],
  view: Viewpoint,
  layer: LabelLayer,
  color: string,
): AxisMarks {
  const { projection, size } = view;
  const { width, height } = size;
  const { left, bottom, ...insets } = view.insets();
  const top = insets.top + BELOW_HEAD;
  const zero = new Float64Array(3);
  if (!projection.project(Float64Array.of(0, 0, 0), 0, zero)) return NO_MARKS;
  const [x = 0, y = 0] = zero;
  const perUnit = (axis: 0 | 1) => {
    const one = new Float64Array(3);
    projection.project(Float64Array.of(axis === 0 ? 1 : 0, axis, 0), 0, one);
    return (one[axis] ?? 0) - (zero[axis] ?? 0);
  };
  const line = layer.lineHeight;
  const across = Math.min(Math.max(y, top + line), height - bottom - line);
  const along = Math.min(Math.max(x, left + MARGIN), width - MARGIN);
  const stroke = (ax: number, ay: number, bx: number, by: number): Stroke => ({
    ...{ ax, ay, bx, by, radius: 0.5, color, opacity: 0.7 },
  });
  const strokes = [stroke(left, across, width, across), stroke(along, top, along, height)];
  const labels: Label[] = [];
  const put = (text: string, at: (width: number) => readonly [number, number], strong: boolean) => {
    const written = layer.write(text, strong);
    const [labelLeft, labelTop] = at(written.width);
    labels.push({ ...written, left: labelLeft, top: labelTop });
  };
  for (const [value, at] of ticks(x, perUnit(0), left + FOR_POLES, width - FOR_POLES)) {
    strokes.push(stroke(at, across - TICK, at, across + TICK));
    put(value, (wide) => [at - wide / 2, across + TICK + 1], false);
  }
  for (const [value, at] of ticks(y, perUnit(1), top + 2 * line, height - bottom - 2 * line)) {
    strokes.push(stroke(along - TICK, at, along + TICK, at));
    put(value, (wide) => [along - TICK - 4 - wide, at - line / 2], false);
  }
  const [over, side] = [across - line - 3, along + 6];
  const [h, v] = ends;
  if (h?.negative) put(`← ${h.negative}`, () => [left + MARGIN, over], true);
  if (h?.positive) put(`${h.positive} →`, (wide) => [width - MARGIN - wide, over], true);
  if (v?.positive) put(`↑ ${v.positive}`, () => [side, top + 2], true);
  if (v?.negative) put(`↓ ${v.negative}`, () => [side, height - bottom - line - 2], true);
  return { strokes, labels };
}

/** Returns the values of ticks and where they are, without zero. */
function ticks(zero: number, perUnit: number, from: number, to: number): [string, number][] {
  const most = Math.abs(TICK_GAP / perUnit);
  const power = 10 ** Math.floor(Math.log10(most));
  const step = power * ([1, 2, 5].find((times) => times * power >= most) ?? 10);
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  const ends = [(from - zero) / perUnit / step, (to - zero) / perUnit / step];
  const found: [string, number][] = [];
  for (let at = Math.ceil(Math.min(...ends)); at <= Math.max(...ends) && found.length < 99; at++) {
    const value = (at * step).toFixed(digits).replace("-", "−");
    if (at !== 0) found.push([value, zero + at * step * perUnit]);
  }
  return found;
}

/** Returns three short arrows in a corner, as the axes of space lie now. */
export function triad(
  names: readonly string[],
  { camera, size }: Viewpoint,
  layer: LabelLayer,
  color: string,
): AxisMarks {
  const [right, up] = directions(camera);
  const [x, y] = [size.width - 3.2 * TRIAD, size.height - 3.2 * TRIAD];
  const drawn = ([0, 1, 2] as const).map((axis: Axis) => {
    const [bx, by] = [x + TRIAD * right[axis], y - TRIAD * up[axis]];
    const written = layer.write(names[axis] ?? "", false);
    const beside = right[axis] < 0 ? bx - 4 - written.width : bx + 4;
    const left = Math.min(beside, size.width - written.width - 2);
    const top = by - layer.lineHeight * (up[axis] > 0.5 ? 1 : 0.5);
    const stroke: Stroke = { ax: x, ay: y, bx, by, radius: 0.8, color, opacity: 0.9 };
    return { stroke, label: { ...written, left, top } };
  });
  return { strokes: drawn.map(({ stroke }) => stroke), labels: drawn.map(({ label }) => label) };
}
