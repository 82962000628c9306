/** Finds the regions of the map: where points lie dense, apart from other dense places. */

import { bandwidthOf, coverageOf, densityOf } from "./density";
import { coarse, TIMES, type Window } from "./field_window";

/** A dense part of the map, and what became of it since the reference. */
export interface Region {
  /** The same for a region of the step before that it goes on from; see steady_regions.ts. */
  readonly id: number;
  /** Where it is densest, in the coordinates of the points. */
  readonly x: number;
  readonly y: number;
  /** The tokens that name it, the most typical first. */
  readonly names: readonly Name[];
  /** The tokens that are in it. */
  readonly members: Uint32Array;
  /** Those of them that were elsewhere at the reference; null where that is not known. */
  readonly came: Uint32Array | null;
  /** The tokens that were in it at the reference, and are elsewhere. */
  readonly left: Uint32Array | null;
  /** How far the middle of its tokens moved since the reference, as a share of the view's width. */
  readonly moved: number | null;
}

/** A token, and how typical it is of its region. */
export interface Name {
  readonly token: number;
  readonly score: number;
}

/** What regions, and other fields, are computed from. */
export interface Ground {
  /** Where the points are, `[n, 3]`; NaN for one that is nowhere. */
  readonly points: Float32Array;
  /** Where they were at the reference; null where that is not known. */
  readonly before: Float32Array | null;
  /** 0 for each point that is not drawn; null if all are. */
  readonly drawn: Uint8Array | null;
  /** How often each token occurs; null where that is not known. */
  readonly frequency: Float32Array | null;
}

/** Cells of the grid on which regions are found, CSS pixels. */
const CELL = 8;
/** Regions are coarser than the density that is drawn: so many times its bandwidth. */
const COARSER = 1.25;
/** Regions lie within the densest places that hold this share of the tokens in view. */
const HELD = 0.9;
/** A peak stands out if the density between it and a higher one is less by so many standard errors. */
const ERRORS = 3.5;
/** It also stands out by this share of the peak, however many points there are. */
const PROMINENCE = 0.04;
/** A smaller region has no name: so many tokens, and such a share of those in view. */
const FEWEST = 5;
const SMALLEST = 0.008;
/** How many tokens are candidates for the name of a region. */
const MOST_NAMES = 8;
const MOST_REGIONS = 40;

/**
 * Returns the regions in a window, the largest first; none where all in it is one. Each cell belongs to the peak of density that
 * it climbs to, and a peak that does not stand out from a higher one to that one (ToMATo, Chazal et
 * al. 2013). The most typical token of a region has the largest product of the density that it
 * gives to the peak (its Gaussian kernel there) and of 1 + ln(frequency), the sublinear weight of
 * terms (Manning, Raghavan & Schütze 2008, 6.4.1).
 */
export function regionsOf({ points, before, drawn, frequency }: Ground, fine: Window): Region[] {
  const window = coarse(fine, CELL);
  const bandwidth = COARSER * bandwidthOf(points, window);
  const density = densityOf(points, window, bandwidth, drawn);
  // The variance of a density by this kernel is the density over 4 pi h^2 (Silverman 1986).
  const errorOf = (value: number) => Math.sqrt(value / (4 * Math.PI * bandwidth ** 2));
  const standsOut = (peak: number, saddle: number) =>
    peak - saddle > Math.max(ERRORS * errorOf(peak), PROMINENCE * peak);
  const { peaks, peakOf } = climb(density, coverageOf(density), window, standsOut);
  const now = dealt(points, window, peakOf, drawn);
  const then = before ? dealt(before, window, peakOf, drawn) : null;
  const lists = listed(now, peaks.length);
  const listsBefore = then && listed(then, peaks.length);
  const all = lists.reduce((sum, { length }) => sum + length, 0);
  const least = Math.max(FEWEST, SMALLEST * all);
  const large = lists
    .map((members, peak) => ({ members, peak }))
    .filter(({ members }) => members.length >= least);
  // One name for all that is in view would say nothing.
  if (large.length < 2) return [];
  return large
    .sort((a, b) => b.members.length - a.members.length)
    .slice(0, MOST_REGIONS)
    .map(({ members, peak }) => {
      const [x, y] = middleOf(peaks[peak] ?? 0, window);
      const names = namesOf(members, points, frequency, { x, y, window, bandwidth });
      const gone = listsBefore?.[peak]?.filter((row) => now[row] !== peak) ?? null;
      const came = then && members.filter((row) => then[row] !== peak);
      const moved = before && then ? wayOf(members, points, before, fine) : null;
      return { id: 0, x, y, names, members, came, left: gone, moved };
    });
}

/** Returns the peaks, as cells, and the place among them of the peak of each cell; -1 for none. */
function climb(
  density: Float32Array,
  coverage: Float32Array,
  { columns }: Window,
  standsOut: (peak: number, saddle: number) => boolean,
) {
  const cells = [...coverage.keys()]
    .filter((cell) => (coverage[cell] as number) < HELD)
    .sort((a, b) => (density[b] as number) - (density[a] as number));
  const peakOf = new Int32Array(density.length).fill(-1);
  const peaks: number[] = [];
  /** The peak that each one was joined with. */
  const joined: number[] = [];
  const rootOf = (peak: number): number => {
    let root = peak;
    while (joined[root] !== root) root = joined[root] as number;
    return root;
  };
  for (const cell of cells) {
    const here = density[cell] as number;
    const found = new Set<number>();
    for (const near of around(cell, columns)) {
      const peak = peakOf[near] ?? -1;
      if (peak >= 0) found.add(rootOf(peak));
    }
    // A peak that was found earlier is higher.
    const [first, ...others] = [...found].sort((a, b) => a - b);
    if (first === undefined) {
      peakOf[cell] = peaks.length;
      joined.push(peaks.length);
      peaks.push(cell);
      continue;
    }
    peakOf[cell] = first;
    for (const other of others) {
      if (!standsOut(density[peaks[other] as number] as number, here)) joined[other] = first;
    }
  }
  return { peaks, peakOf: peakOf.map((peak) => (peak < 0 ? -1 : rootOf(peak))) };
}

/** Returns the cells around a cell, itself included; some may be above or below the grid. */
function around(cell: number, columns: number): number[] {
  const column = cell % columns;
  const beside = [-1, 0, 1].filter((step) => column + step >= 0 && column + step < columns);
  return [-columns, 0, columns].flatMap((line) => beside.map((step) => cell + line + step));
}

/** Returns the peak that each point belongs to; -1 where it is in no region, -2 beyond the window. */
function dealt(
  points: Float32Array,
  { columns, rows, left, top, unitX, unitY }: Window,
  peakOf: Int32Array,
  drawn: Uint8Array | null,
): Int32Array {
  const peaks = new Int32Array(points.length / 3).fill(-2);
  for (let row = 0, at = 0; row < peaks.length; row++, at += 3) {
    if (drawn?.[row] === 0) continue;
    const column = Math.floor(((points[at] as number) - left) / unitX);
    const line = Math.floor((top - (points[at + 1] as number)) / unitY);
    if (!(column >= 0 && line >= 0 && column < columns && line < rows)) continue;
    peaks[row] = peakOf[line * columns + column] as number;
  }
  return peaks;
}

/** Returns the points that belong to each peak. */
function listed(peaks: Int32Array, count: number): Uint32Array[] {
  const lists = Array.from({ length: count }, (): number[] => []);
  peaks.forEach((peak, row) => {
    lists[peak]?.push(row);
  });
  return lists.map((rows) => Uint32Array.from(rows));
}

interface Peak {
  readonly x: number;
  readonly y: number;
  readonly window: Window;
  readonly bandwidth: number;
}

/** Returns the most typical tokens, the most typical first. */
function namesOf(
  members: Uint32Array,
  points: Float32Array,
  frequency: Float32Array | null,
  { x, y, window, bandwidth }: Peak,
): Name[] {
  const scoreOf = (token: number): number => {
    const across = ((points[3 * token] as number) - x) / window.unitX;
    const down = ((points[3 * token + 1] as number) - y) / window.unitY;
    const kernel = Math.exp(-(across ** 2 + down ** 2) / (2 * bandwidth ** 2));
    return kernel * (frequency ? 1 + Math.log(Math.max(frequency[token] ?? 1, 1)) : 1);
  };
  const best: Name[] = [];
  for (const token of members) {
    const score = scoreOf(token);
    if (best.length === MOST_NAMES && score <= (best.at(-1)?.score ?? 0)) continue;
    const place = best.findIndex((other) => score > other.score);
    best.splice(place < 0 ? best.length : place, 0, { token, score });
    if (best.length > MOST_NAMES) best.pop();
  }
  return best;
}

/** Returns how far the middle of some points moved, as a share of the width of the view. */
function wayOf(
  members: Uint32Array,
  points: Float32Array,
  before: Float32Array,
  { columns, unitX, unitY }: Window,
): number | null {
  let [across, down, count] = [0, 0, 0];
  for (const row of members) {
    const dx = (points[3 * row] as number) - (before[3 * row] as number);
    const dy = (points[3 * row + 1] as number) - (before[3 * row + 1] as number);
    if (!Number.isFinite(dx + dy)) continue;
    across += dx / unitX;
    down += dy / unitY;
    count++;
  }
  if (count === 0) return null;
  return Math.hypot(across, down) / count / (columns / TIMES);
}

function middleOf(cell: number, { columns, left, top, unitX, unitY }: Window) {
  const x = left + ((cell % columns) + 0.5) * unitX;
  return [x, top - (Math.floor(cell / columns) + 0.5) * unitY] as const;
}
