/** Computes the box of the positions that the map shows. */

import { memoOfEach } from "../../util/memo";
import { type Axis, type Mode, type Vec3, vec3 } from "../geometry";

/** A box in the units of the positions: its middle and half its extent per axis. */
export interface Bounds {
  readonly center: Vec3;
  readonly half: Vec3;
}

const BEYOND = Number.POSITIVE_INFINITY;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const SAMPLES = 20_000;
const TAIL = 0.005;
/** A full range up to this many times the range without its tails is kept whole. */
const OUTLIER_RATIO = 4;
/** How far the margin around the bounds reaches, as a share of them. */
const MARGIN = 0.1;

/**
 * Returns the box that holds all frames, `[n, 3]` each, so that moving from one to another needs
 * no new scale. Non-finite rows are left out. Where a few rows lie so far out that the
 * others would shrink to a speck, the box holds the central 99 % of that axis instead.
 */
export function robustBounds(frames: readonly Float32Array[]): Bounds {
  return boxOf((axis) => robustRange(frames, axis));
}

/** Returns bounds that also hold a position; the same ones if they already do. */
export function including(bounds: Bounds, position: Vec3): Bounds {
  const { center, half } = bounds;
  const beyond = vec3((axis) => Math.abs(position[axis] - center[axis]) - half[axis]);
  if (Math.max(...beyond) <= 0) return bounds;
  return boxOf((axis) => [
    Math.min(center[axis] - half[axis], position[axis]),
    Math.max(center[axis] + half[axis], position[axis]),
  ]);
}

function boxOf(rangeOf: (axis: Axis) => Range): Bounds {
  const ranges = [rangeOf(0), rangeOf(1), rangeOf(2)] as const;
  return {
    center: vec3((axis) => (ranges[axis][0] + ranges[axis][1]) / 2),
    half: vec3((axis) => (ranges[axis][1] - ranges[axis][0]) / 2),
  };
}

/** Moves positions from one box into another, axis by axis. */
export function rescaled(positions: Float32Array, from: Bounds, to: Bounds): Float32Array {
  const out = positions.slice();
  for (let axis = 0; axis < 3; axis++) {
    const factor = (to.half[axis] as number) / (from.half[axis] as number);
    const shift = (to.center[axis] as number) - (from.center[axis] as number) * factor;
    for (let i = axis; i < out.length; i += 3) {
      const value = out[i] as number;
      // A larger number marks a row without a place: see MISSING.
      if (value < 1e38) out[i] = value * factor + shift;
    }
  }
  return out;
}

/** Returns some rows of a frame, in their order. */
export function rowsOf(frame: Float32Array, rows: readonly number[]): Float32Array {
  const some = new Float32Array(rows.length * 3);
  rows.forEach((row, at) => {
    some.set(frame.subarray(row * 3, row * 3 + 3), at * 3);
  });
  return some;
}

/**
 * Counts the finite rows of a frame that are out of view even when all of the bounds is in view.
 */
export function countOutside(
  frame: Float32Array,
  { center, half }: Bounds,
  mode: Mode,
  stretch: Vec3 = [1, 1, 1],
): number {
  const widest = Math.max(...vec3((axis) => half[axis] * stretch[axis]));
  const [cx, cy, cz] = center;
  // 3-D shows the ball about the bounds, as it can be turned.
  const [rx, ry, rz] = vec3(
    (axis) => (mode === "2d" ? half[axis] : widest / stretch[axis]) * (1 + MARGIN),
  );
  const deep = mode === "3d";
  let count = 0;
  for (let i = 0; i + 2 < frame.length; i += 3) {
    const x = frame[i] as number;
    const y = frame[i + 1] as number;
    const z = frame[i + 2] as number;
    if (!Number.isFinite(x + y + z)) continue;
    const isOutside = Math.abs(x - cx) > rx || Math.abs(y - cy) > ry;
    if (isOutside || (deep && Math.abs(z - cz) > rz)) count++;
  }
  return count;
}

function robustRange(frames: readonly Float32Array[], axis: Axis): Range {
  const values: number[] = [];
  const ranges = frames.map((frame) => rangesOf(frame)[axis] as Range);
  const low = Math.min(...ranges.map(([least]) => least));
  const high = Math.max(...ranges.map(([, most]) => most));
  for (const frame of frames) {
    const rows = Math.floor(frame.length / 3);
    for (const row of sampledRows(rows, Math.ceil(SAMPLES / frames.length))) {
      const value = frame[row * 3 + axis] as number;
      if (Number.isFinite(value)) values.push(value);
    }
  }
  if (low > high) return [-1, 1];
  if (low === high) return [low - 0.5, high + 0.5];
  const sorted = Float64Array.from(values).sort();
  const inner = quantile(sorted, TAIL, low);
  const outer = quantile(sorted, 1 - TAIL, high);
  if (outer <= inner || high - low <= OUTLIER_RATIO * (outer - inner)) return [low, high];
  const margin = MARGIN * (outer - inner);
  return [Math.max(low, inner - margin), Math.min(high, outer + margin)];
}

type Range = readonly [low: number, high: number];

/** Returns the least and the largest finite coordinate along each axis, which are looked for once. */
const rangesOf = memoOfEach((frame: Float32Array): readonly Range[] =>
  [0, 1, 2].map((axis) => {
    let [low, high] = [BEYOND, -BEYOND];
    for (let i = axis; i < frame.length; i += 3) {
      const value = frame[i] as number;
      // Infinite coordinates do not count, and NaN is on neither side of anything.
      if (value < low && value > -BEYOND) low = value;
      if (value > high && value < BEYOND) high = value;
    }
    return [low, high];
  }),
);

function quantile(sorted: Float64Array, share: number, whenEmpty: number): number {
  return sorted[Math.round(share * (sorted.length - 1))] ?? whenEmpty;
}

/**
 * Returns at most `most` rows, spread over the table. They are not evenly spaced: rows may follow
 * each other in a pattern, such as class after class, of which even steps could see a part only.
 */
export function sampledRows(rows: number, most: number): number[] {
  if (rows <= most) return Array.from({ length: rows }, (_, row) => row);
  return Array.from({ length: most }, (_, at) => Math.floor(((at * GOLDEN) % 1) * rows));
}
