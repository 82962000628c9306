/** Tests densities against sums over all points. */

import { expect, it } from "vitest";
import { randomNumbers } from "../../test/random_numbers";
import { bandwidthOf, coverageOf, densityOf } from "./density";
import { serves, windowOf } from "./field_window";

const SEEN = { x: 1, y: -2, perX: 40, perY: 20, width: 240, height: 160 };
const WINDOW = windowOf(SEEN);

/** Returns points in view, in two heaps. */
function points(count: number): Float32Array {
  const next = randomNumbers(7);
  const all = new Float32Array(3 * count);
  for (let point = 0; point < count; point++) {
    const heap = point % 3 ? 1 : -1;
    all[3 * point] = 1 + heap + 1.2 * (next() + next() - 1);
    all[3 * point + 1] = -2 + heap + 1.5 * (next() + next() - 1);
    all[3 * point + 2] = next();
  }
  return all;
}

/** The density at the middle of a cell as the textbook has it: a sum over all points. */
function bruteForce(all: Float32Array, column: number, row: number, bandwidth: number): number {
  const { left, top, unitX, unitY } = WINDOW;
  let sum = 0;
  for (let at = 0; at < all.length; at += 3) {
    const x = ((all[at] as number) - left) / unitX - (column + 0.5);
    const y = (top - (all[at + 1] as number)) / unitY - (row + 0.5);
    sum += Math.exp(-(x * x + y * y) / (2 * bandwidth ** 2)) / (2 * Math.PI * bandwidth ** 2);
  }
  return sum;
}

it("equals the sum of a kernel at each point", () => {
  const all = points(400);
  const bandwidth = 4;
  const density = densityOf(all, WINDOW, bandwidth);
  const most = Math.max(...density);
  const { columns, rows } = WINDOW;
  let worst = 0;
  for (let row = 0; row < rows; row += 3) {
    for (let column = 0; column < columns; column += 3) {
      const exact = bruteForce(all, column, row, bandwidth);
      worst = Math.max(worst, Math.abs(exact - (density[row * columns + column] as number)));
    }
  }
  // Sharing points out between cells widens the kernel by a sixth of a cell's square.
  expect(worst / most).toBeLessThan(0.03);
  expect(density.reduce((sum, value) => sum + value, 0)).toBeCloseTo(400, 0);
});

it("leaves out points without a place, those not drawn, and those beyond the window", () => {
  const all = Float32Array.of(1, -2, 0, Number.NaN, 0, 0, 1e30, 0, 0, 3e38, 3e38, 3e38, 1, -2, 0);
  const sum = (drawn: Uint8Array | null) =>
    densityOf(all, WINDOW, 3, drawn).reduce((total, value) => total + value, 0);
  expect(sum(null)).toBeCloseTo(2);
  expect(sum(Uint8Array.of(0, 1, 1, 1, 1))).toBeCloseTo(1);
});

it("says which share of the points lies in denser cells", () => {
  const density = Float32Array.of(0, 4, 1, 3, 2, 0);
  expect([...coverageOf(density)].map((share) => Number(share.toFixed(6)))).toEqual([
    1, 0.4, 1, 0.7, 0.9, 1,
  ]);
  expect([...coverageOf(new Float32Array(3))]).toEqual([1, 1, 1]);
});

it("holds the stated share of the points within a line", () => {
  const all = points(20_000);
  const coverage = coverageOf(densityOf(all, WINDOW, 1));
  const { left, top, unitX, unitY, columns } = WINDOW;
  for (const share of [0.25, 0.5, 0.9]) {
    let inside = 0;
    for (let at = 0; at < all.length; at += 3) {
      const column = Math.floor(((all[at] as number) - left) / unitX);
      const row = Math.floor((top - (all[at + 1] as number)) / unitY);
      if ((coverage[row * columns + column] as number) < share) inside++;
    }
    expect(inside / 20_000).toBeCloseTo(share, 1);
  }
});

it("smooths many points less than few, within bounds on screen", () => {
  const { cell } = WINDOW;
  const few = bandwidthOf(points(200), WINDOW) * cell;
  const many = bandwidthOf(points(20_000), WINDOW) * cell;
  expect(many).toBeLessThan(few);
  expect(many).toBeGreaterThanOrEqual(7);
  expect(few).toBeLessThanOrEqual(18);
  // Scott's rule, as scipy.stats.gaussian_kde has it: the spread times n^(-1/6).
  expect(bandwidthOf(new Float32Array(), WINDOW) * cell).toBe(18);
});

it("serves a view that moved a little, and none far off or much nearer", () => {
  expect(serves(WINDOW, SEEN)).toBe(true);
  expect(serves(WINDOW, { ...SEEN, x: SEEN.x + 1 })).toBe(true);
  expect(serves(WINDOW, { ...SEEN, x: SEEN.x + 4 })).toBe(false);
  expect(serves(WINDOW, { ...SEEN, perX: 50, perY: 25 })).toBe(true);
  expect(serves(WINDOW, { ...SEEN, perX: 80, perY: 40 })).toBe(false);
});
