/** Finds the nearest of many points with a grid. */

import { sampledRows } from "./sample_rows";

const PER_CELL = 4;
const MAX_SIDE = 1024;
/** Points that say where most of them are. */
const SAMPLES = 4096;

/**
 * A grid over the first two of every three coordinates. Exact: every point within reach of a
 * query is compared. Building it costs O(n).
 */
export class PickGrid {
  private readonly side: number;
  private readonly left: number;
  private readonly top: number;
  private readonly perX: number;
  private readonly perY: number;
  /** Points sorted by cell; cell c holds items[starts[c]] up to items[starts[c + 1]]. */
  private readonly starts: Uint32Array;
  private readonly items: Uint32Array;

  /** @param coordinates `[n, 3]`; rows without a place are left out. Not copied. */
  constructor(private readonly coordinates: Float32Array) {
    const count = Math.floor(coordinates.length / 3);
    const [left, top, right, bottom] = extent(coordinates, count);
    this.side = Math.min(MAX_SIDE, Math.max(1, Math.ceil(Math.sqrt(count / PER_CELL))));
    this.left = left;
    this.top = top;
    this.perX = right > left ? this.side / (right - left) : 0;
    this.perY = bottom > top ? this.side / (bottom - top) : 0;
    const cells = new Int32Array(count);
    this.starts = new Uint32Array(this.side * this.side + 1);
    for (let i = 0; i < count; i++) {
      const x = coordinates[i * 3] as number;
      const y = coordinates[i * 3 + 1] as number;
      const cell = isPlace(x, y) ? this.row(y) * this.side + this.column(x) : -1;
      cells[i] = cell;
      if (cell >= 0) this.starts[cell + 1] = (this.starts[cell + 1] as number) + 1;
    }
    for (let cell = 1; cell < this.starts.length; cell++) {
      this.starts[cell] = (this.starts[cell] as number) + (this.starts[cell - 1] as number);
    }
    this.items = new Uint32Array(this.starts[this.starts.length - 1] as number);
    const next = this.starts.slice();
    for (let i = 0; i < count; i++) {
      const cell = cells[i] as number;
      if (cell < 0) continue;
      const place = next[cell] as number;
      this.items[place] = i;
      next[cell] = place + 1;
    }
  }

  /** Calls for every point of the cells that touch the box: all points in it, and some near. */
  forEachNear(
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    visit: (index: number) => void,
  ): void {
    const first = this.column(x0);
    const last = this.column(x1);
    for (let row = this.row(y0); row <= this.row(y1); row++) {
      const start = this.starts[row * this.side + first] as number;
      const end = this.starts[row * this.side + last + 1] as number;
      for (let place = start; place < end; place++) visit(this.items[place] as number);
    }
  }

  /**
   * The point nearest to a place and at most `radius` away, or null; of equally near ones
   * the last. Points with 0 in `visible` don't count.
   */
  nearest(x: number, y: number, radius: number, visible: Uint8Array | null = null): number | null {
    const points = this.coordinates;
    let best: number | null = null;
    let least = radius * radius;
    this.forEachNear(x - radius, y - radius, x + radius, y + radius, (index) => {
      if (visible !== null && visible[index] === 0) return;
      const dx = (points[index * 3] as number) - x;
      const dy = (points[index * 3 + 1] as number) - y;
      const distance = dx * dx + dy * dy;
      if (distance > least || (distance === least && best !== null && index < best)) return;
      least = distance;
      best = index;
    });
    return best;
  }

  private column(x: number): number {
    return cellOf((x - this.left) * this.perX, this.side);
  }

  private row(y: number): number {
    return cellOf((y - this.top) * this.perY, this.side);
  }
}

/** Neither NaN nor infinite nor MISSING. */
function isPlace(x: number, y: number): boolean {
  return Math.abs(x) < 1e38 && Math.abs(y) < 1e38;
}

function cellOf(place: number, side: number): number {
  return place <= 0 ? 0 : place >= side ? side - 1 : Math.floor(place);
}

/** A box of the points, without their outermost: those share the cells at the rim. */
function extent(coordinates: Float32Array, count: number): [number, number, number, number] {
  const xs: number[] = [];
  const ys: number[] = [];
  for (const i of sampledRows(count, SAMPLES)) {
    const x = coordinates[i * 3] as number;
    const y = coordinates[i * 3 + 1] as number;
    if (!isPlace(x, y)) continue;
    xs.push(x);
    ys.push(y);
  }
  const [left, right] = inner(xs);
  const [top, bottom] = inner(ys);
  return [left, top, right, bottom];
}

function inner(values: number[]): [number, number] {
  const sorted = Float64Array.from(values).sort();
  const tail = Math.floor(sorted.length * 0.01);
  return [sorted[tail] ?? 0, sorted[sorted.length - 1 - tail] ?? 0];
}
