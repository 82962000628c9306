/** Estimates how dense the points of the map are. */

import { countBelow } from "../util/sorted_values";
import type { Window } from "./field_window";

/** Where points are dense: each cell says which share of the points lies in denser cells, 0..1. */
export interface DensityField {
  readonly window: Window;
  readonly coverage: Float32Array;
}

/** The least and the largest bandwidth on screen, CSS pixels: finer is noise, coarser says little. */
const NARROWEST = 7;
const WIDEST = 18;
/** The kernel is cut off after so many bandwidths. */
const REACH = 4;

/**
 * Returns the density of points `[n, 3]` by a Gaussian kernel (Silverman 1986), in points per cell.
 * The points are shared out between the four nearest cells before (linear binning, Wand 1994).
 *
 * @param bandwidth the standard deviation of the kernel, cells
 * @param counted 0 for each point that does not count; null if all do
 */
export function densityOf(
  points: Float32Array,
  window: Window,
  bandwidth: number,
  counted: Uint8Array | null = null,
): Float32Array {
  return smoothed(binned(points, window, counted), window, bandwidth);
}

/**
 * Returns what the points in each cell weigh, each point shared out between the four nearest cells.
 *
 * @param weightOf what a point weighs; 1 if left out
 */
export function binned(
  points: Float32Array,
  { columns, rows, left, top, unitX, unitY }: Window,
  counted: Uint8Array | null,
  weightOf: (point: number) => number = () => 1,
): Float32Array {
  const cells = new Float32Array(columns * rows);
  for (let point = 0, at = 0; at < points.length; point++, at += 3) {
    if (counted !== null && counted[point] === 0) continue;
    const x = ((points[at] as number) - left) / unitX - 0.5;
    const y = (top - (points[at + 1] as number)) / unitY - 0.5;
    // NaN does not pass, either.
    if (!(x >= 0 && y >= 0 && x < columns - 1 && y < rows - 1)) continue;
    const column = Math.floor(x);
    const row = Math.floor(y);
    const [right, down] = [x - column, y - row];
    const cell = row * columns + column;
    const [near, far] = [weightOf(point) * (1 - down), weightOf(point) * down];
    (cells[cell] as number) += (1 - right) * near;
    (cells[cell + 1] as number) += right * near;
    (cells[cell + columns] as number) += (1 - right) * far;
    (cells[cell + columns + 1] as number) += right * far;
  }
  return cells;
}

/** Smooths values of cells by a Gaussian, along rows and then along columns. */
export function smoothed(
  cells: Float32Array,
  { columns, rows }: Pick<Window, "columns" | "rows">,
  bandwidth: number,
): Float32Array {
  const kernel = kernelOf(bandwidth);
  const across = new Float32Array(cells.length);
  for (let row = 0; row < rows; row++) blur(cells, across, row * columns, 1, columns, kernel);
  const both = new Float32Array(cells.length);
  for (let column = 0; column < columns; column++) {
    blur(across, both, column, columns, rows, kernel);
  }
  return both;
}

/** Returns half of the kernel: the weight of the cell itself, of the next ones, and so on. */
function kernelOf(bandwidth: number): Float64Array {
  const half = Float64Array.from({ length: Math.ceil(REACH * bandwidth) + 1 }, (_, far) =>
    Math.exp(-0.5 * (far / bandwidth) ** 2),
  );
  const sum = half.reduce((all, weight, far) => all + (far ? 2 : 1) * weight, 0);
  return half.map((weight) => weight / sum);
}

function blur(
  from: Float32Array,
  to: Float32Array,
  start: number,
  stride: number,
  length: number,
  kernel: Float64Array,
): void {
  for (let at = 0; at < length; at++) {
    const value = from[start + at * stride] as number;
    if (value === 0) continue;
    const first = Math.max(at - kernel.length + 1, 0);
    const last = Math.min(at + kernel.length - 1, length - 1);
    for (let other = first; other <= last; other++) {
      const weight = kernel[Math.abs(other - at)] as number;
      (to[start + other * stride] as number) += value * weight;
    }
  }
}

/**
 * Returns the bandwidth for the points in a window, in cells: by Scott's rule (1992) for two
 * dimensions, within bounds on screen.
 */
export function bandwidthOf(points: Float32Array, window: Window): number {
  const { left, top, unitX, unitY, columns, rows, cell } = window;
  const [least, most] = [NARROWEST / cell, WIDEST / cell];
  let [count, sumX, sumY, squares] = [0, 0, 0, 0];
  for (let at = 0; at < points.length; at += 3) {
    const x = ((points[at] as number) - left) / unitX;
    const y = (top - (points[at + 1] as number)) / unitY;
    if (!(x >= 0 && y >= 0 && x < columns && y < rows)) continue;
    count++;
    sumX += x;
    sumY += y;
    squares += x * x + y * y;
  }
  if (count < 2) return most;
  const variance = squares / count - (sumX / count) ** 2 - (sumY / count) ** 2;
  const spread = Math.sqrt(Math.max(variance, 0) / 2);
  return Math.min(Math.max(spread * count ** (-1 / 6), least), most);
}

/**
 * Returns for each cell the share of all points in the window that lie in cells at least as dense.
 * The cells below a share make up the smallest region that holds it (highest density region,
 * Hyndman 1996).
 */
export function coverageOf(density: Float32Array): Float32Array {
  const sorted = density.slice().sort();
  // Holds, for each place in the order, the sum over its cell and all denser ones.
  const held = new Float64Array(sorted.length);
  let sum = 0;
  for (let place = sorted.length - 1; place >= 0; place--) {
    sum += sorted[place] as number;
    held[place] = sum;
  }
  if (sum === 0) return new Float32Array(density.length).fill(1);
  return density.map((value) => (held[countBelow(sorted, value)] as number) / sum);
}
