/** Tests which points lie within a path drawn by hand. */

import type { Point } from "../geometry";

/**
 * Returns whether a place lies within a path, which is closed from its end to its start. What it
 * goes around at least once is inside, so that a loop in a loop leaves no hole. Exact, and fast for
 * many places: a row of pixels knows the edges that cross it.
 */
export function lasso(path: readonly Point[]): (x: number, y: number) => boolean {
  const xs = path.map(({ x }) => x);
  const ys = path.map(({ y }) => y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.floor(Math.min(...ys)), Math.max(...ys)];
  const rows = path.length < 3 ? [] : edgesByRow(path, top, bottom);
  return (x, y) => {
    if (!(x >= left && x <= right && y >= top && y <= bottom)) return false;
    const edges = rows[Math.floor(y) - top];
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
  };
}

/** Returns, for each row of pixels from `top` on, ax, ay, bx, by of each edge that crosses it. */
function edgesByRow(path: readonly Point[], top: number, bottom: number): Float64Array[] {
  const rows: number[][] = Array.from({ length: Math.floor(bottom) - top + 1 }, () => []);
  path.forEach((a, at) => {
    const b = path[(at + 1) % path.length] as Point;
    const last = Math.floor(Math.max(a.y, b.y)) - top;
    for (let row = Math.floor(Math.min(a.y, b.y)) - top; row <= last; row++) {
      rows[row]?.push(a.x, a.y, b.x, b.y);
    }
  });
  return rows.map((edges) => Float64Array.from(edges));
}
