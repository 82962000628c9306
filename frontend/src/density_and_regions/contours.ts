/** Draws the lines around the cells of a grid that are below a level. */

import type { DensityField } from "./density";

/**
 * The lines through a square between four cells, each by the sides from and to which it leads: top,
 * right, bottom or left. Their place is the corners below the level: 8 for the first, 4, 2, 1 clockwise.
 */
const LINES = ",BL,RB,RL,TR,TR BL,TB,TL,LT,BT,LT RB,RT,LR,BR,LB,"
  .split(",")
  .map((lines) => lines.match(/\S+/g) ?? []);

/**
 * Returns the closed lines around all places of a field below a level, each as x and y in turn, in
 * the coordinates of the points (marching squares, Lorensen & Cline 1987). Beyond the window, the
 * field is above every level.
 */
export function contoursOf({ window, coverage }: DensityField, level: number): Float64Array[] {
  const { columns, rows, left, top, unitX, unitY } = window;
  // Each cell has two numbered sides; a rim of one cell lies around the window.
  const width = columns + 2;
  const next = new Map<number, number>();
  const valueAt = (column: number, row: number): number =>
    column < 0 || row < 0 || column >= columns || row >= rows
      ? 1
      : (coverage[row * columns + column] as number);
  for (let row = -1; row < rows; row++) {
    for (let column = -1; column < columns; column++) {
      const corners =
        (valueAt(column, row) < level ? 8 : 0) |
        (valueAt(column + 1, row) < level ? 4 : 0) |
        (valueAt(column + 1, row + 1) < level ? 2 : 0) |
        (valueAt(column, row + 1) < level ? 1 : 0);
      for (const [from, to] of LINES[corners] ?? []) {
        next.set(sideOf(column, row, from), sideOf(column, row, to));
      }
    }
  }

  /** Returns the number of a side: that of its first cell, twice, and 1 more if it goes down. */
  function sideOf(column: number, row: number, side = ""): number {
    const across = side === "R" ? column + 1 : column;
    const down = side === "B" ? row + 1 : row;
    const isDown = side === "L" || side === "R";
    return 2 * ((down + 1) * width + across + 1) + (isDown ? 1 : 0);
  }

  function placeOf(side: number): readonly [number, number] {
    const cell = side >> 1;
    const [column, row] = [(cell % width) - 1, Math.floor(cell / width) - 1];
    const isDown = (side & 1) === 1;
    const a = valueAt(column, row);
    const b = isDown ? valueAt(column, row + 1) : valueAt(column + 1, row);
    const share = (level - a) / (b - a);
    const x = column + 0.5 + (isDown ? 0 : share);
    const y = row + 0.5 + (isDown ? share : 0);
    return [left + x * unitX, top - y * unitY];
  }

  const lines: Float64Array[] = [];
  for (const start of [...next.keys()]) {
    const line: number[] = [];
    for (let side: number | undefined = start; side !== undefined; ) {
      const to = next.get(side);
      if (to === undefined) break;
      line.push(...placeOf(side));
      next.delete(side);
      side = to;
    }
    if (line.length > 0) lines.push(Float64Array.from(line));
  }
  return lines;
}
