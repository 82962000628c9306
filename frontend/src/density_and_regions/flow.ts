/** Computes where the points of the map went, as a smooth field. */

import { filled } from "../util/fill_array";
import { binned, smoothed } from "./density";
import { coarse, type Window } from "./field_window";

/** The average way of the points around some places, to where they are. */
export interface Flow {
  /** x and y of each place in turn, in the coordinates of the points. */
  readonly places: Float32Array;
  /** The average way that they came, likewise. */
  readonly ways: Float32Array;
  /** How far the points go the same way, 0..1: the length of the average way over the average length. */
  readonly agreement: Float32Array;
  /** The distance between two places on screen, CSS pixels. */
  readonly spacing: number;
}

const SPACING = 36;
/** The standard deviation of the kernel that averages the points around a place, CSS pixels. */
const REACH = 20;
/** The cells that ways are added up in before they are averaged, CSS pixels. */
const CELL = 9;
/** Fewer points around a place, each counting as its kernel does, say nothing about it. */
const FEWEST = 2;

/**
 * Returns the ways of points `[n, 3]` from `before`, averaged with a Gaussian kernel around places
 * on a grid (Nadaraya 1964, Watson 1964). The agreement is the mean resultant length of the ways (Mardia
 * & Jupp 2000), each weighted by its length.
 */
export function flowOf(
  points: Float32Array,
  before: Float32Array,
  fine: Window,
  drawn: Uint8Array | null,
): Flow {
  const window = coarse(fine, CELL);
  const { columns, rows, left, top, unitX, unitY, cell } = window;
  const moved = both(points, before, drawn);
  const { unitX: perX, unitY: perY } = window;
  const along = (point: number) =>
    ((points[3 * point] as number) - (before[3 * point] as number)) / perX;
  const down = (point: number) =>
    ((before[3 * point + 1] as number) - (points[3 * point + 1] as number)) / perY;
  const sums = [() => 1, along, down, (point: number) => Math.hypot(along(point), down(point))].map(
    (weight) => smoothed(binned(points, window, moved, weight), window, REACH / cell),
  );
  const [counts, across, downwards, lengths] = sums as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  // The density that a point adds to its own place.
  const one = 1 / (2 * Math.PI * (REACH / cell) ** 2);
  const stride = Math.max(Math.round(SPACING / cell), 1);
  const [places, ways, agreement]: [number[], number[], number[]] = [[], [], []];
  for (let row = stride >> 1; row < rows; row += stride) {
    for (let column = stride >> 1; column < columns; column += stride) {
      const at = row * columns + column;
      const count = counts[at] as number;
      if (count < FEWEST * one) continue;
      const x = (across[at] as number) / count;
      const y = (downwards[at] as number) / count;
      const length = (lengths[at] as number) / count;
      places.push(left + (column + 0.5) * unitX, top - (row + 0.5) * unitY);
      ways.push(x * unitX, -y * unitY);
      agreement.push(length > 0 ? Math.min(Math.hypot(x, y) / length, 1) : 0);
    }
  }
  return {
    places: Float32Array.from(places),
    ways: Float32Array.from(ways),
    agreement: Float32Array.from(agreement),
    spacing: stride * cell,
  };
}

/** Returns 1 for each point that is drawn and has a place both times. */
function both(points: Float32Array, before: Float32Array, drawn: Uint8Array | null): Uint8Array {
  return filled(new Uint8Array(points.length / 3), (point) => {
    const at = 3 * point;
    const sum =
      (points[at] as number) +
      (points[at + 1] as number) +
      (before[at] as number) +
      (before[at + 1] as number);
    return drawn?.[point] !== 0 && Number.isFinite(sum) ? 1 : 0;
  });
}
