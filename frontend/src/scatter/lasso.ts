/** Tests which points lie within a path drawn by hand. */

import type { Point } from "./geometry";

/**
 * The path is closed from its end to its start. What it goes around at least once is inside, so
 * that a loop in a loop leaves no hole. Exact, and fast for many places: a row of pixels knows
 * the edges that cross it.
 */
export class Lasso {
  private readonly left: number;
  private readonly right: number;
  private readonly top: number;
  private readonly bottom: number;
  /** Per row of pixels from `top` on: ax, ay, bx, by of each edge that crosses it. */
  private readonly rows: Float64Array[];

  constructor(path: readonly Point[]) {
    const xs = path.map(({ x }) => x);
    const ys = path.map(({ y }) => y);
    this.left = Math.min(...xs);
    this.right = Math.max(...xs);
    this.top = Math.floor(Math.min(...ys));
    this.bottom = Math.max(...ys);
    this.rows = path.length < 3 ? [] : this.bucketed(path);
  }

  contains(x: number, y: number): boolean {
    if (!(x >= this.left && x <= this.right && y >= this.top && y <= this.bottom)) return false;
    const edges = this.rows[Math.floor(y) - this.top];
    if (edges === undefined) return false;
    let winding = 0;
    for (let i = 0; i < edges.length; i += 4) {
      const ax = edges[i] as number;
      const ay = edges[i + 1] as number;
      const bx = edges[i + 2] as number;
      const by = edges[i + 3] as number;
      const down = ay <= y && by > y;
      if (!down && !(by <= y && ay > y)) continue;
      if (x < ax + ((y - ay) / (by - ay)) * (bx - ax)) winding += down ? 1 : -1;
    }
    return winding !== 0;
  }

  private bucketed(path: readonly Point[]): Float64Array[] {
    const rows: number[][] = Array.from(
      { length: Math.floor(this.bottom) - this.top + 1 },
      () => [],
    );
    path.forEach((a, at) => {
      const b = path[(at + 1) % path.length] as Point;
      const last = Math.floor(Math.max(a.y, b.y)) - this.top;
      for (let row = Math.floor(Math.min(a.y, b.y)) - this.top; row <= last; row++) {
        rows[row]?.push(a.x, a.y, b.x, b.y);
      }
    });
    return rows.map((edges) => Float64Array.from(edges));
  }
}
