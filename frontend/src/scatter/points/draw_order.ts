/** Decides the order in which points are drawn, and so which lie on top. */

import { memo } from "../../util/memo";

/** The most points that lie on top as they are important, and the largest share of all points. */
const MAX_ON_TOP = 1500;
const SHARE_ON_TOP = 0.1;
/** Points that stay together in the shuffle, so that memory is read in runs. */
const BLOCK = 64;
/** A float's sign, exponent and first digits: bands of heights, whatever their scale. */
const BAND_BITS = 16;
const SIGN = 2 ** 31;

/**
 * Returns all points in a fixed shuffle. Where points cover each other, a systematic order would
 * show the colors of its last points only.
 */
export function shuffled(count: number): Uint32Array {
  const points = new Uint32Array(count);
  let next = 0;
  for (const block of shuffledBlocks(count)) {
    const end = Math.min((block + 1) * BLOCK, count);
    for (let index = block * BLOCK; index < end; index++) points[next++] = index;
  }
  return points;
}

/**
 * Returns all points by height, band by band, shuffled within each band. This is as fair to colors
 * as the shuffle, because points that cover each other are about as high. It is drawn in less time,
 * because one point after the other goes to about the same pixels (benchmarks/browser_frames.py).
 *
 * @param positions `[n, 3]`
 */
export function byHeight(positions: Float32Array): Uint32Array {
  const shuffle = shuffled(positions.length / 3);
  const bits = new Uint32Array(positions.buffer, positions.byteOffset, positions.length);
  const bandOf = (point: number) => {
    const height = bits[3 * point + 1] as number;
    // Changes the bits of a float so that they sort as its number does.
    return (height >= SIGN ? ~height : height | SIGN) >>> (32 - BAND_BITS);
  };
  const nextOf = new Uint32Array(2 ** BAND_BITS + 1);
  for (const point of shuffle) (nextOf[bandOf(point) + 1] as number)++;
  for (let band = 1; band < nextOf.length; band++) {
    (nextOf[band] as number) += nextOf[band - 1] as number;
  }
  const points = new Uint32Array(shuffle.length);
  for (const point of shuffle) points[(nextOf[bandOf(point)] as number)++] = point;
  return points;
}

/** Points with 1 count; all of them do where it is null. */
type Mask = Uint8Array | null;

/**
 * Returns a function that orders points from the first drawn to the last: filtered-out ones below,
 * then all others as they are given, then the most important ones, the most important of all on
 * top. It returns the same array if nothing changed, and does little work if only `priority` did.
 */
export function drawOrder() {
  const before = memo(baseOf);
  const last = memo((base: Base, priority: Uint32Array, visible: Mask, drawn: Mask) => {
    const { length } = base.places;
    const limit = Math.ceil(Math.min(MAX_ON_TOP, length * SHARE_ON_TOP));
    const top = priority
      .subarray(0, limit)
      .filter((index) => index < length && visible?.[index] !== 0 && drawn?.[index] !== 0);
    return lifted(base, top);
  });
  /**
   * @param points all of them, each once
   * @param priority distinct point numbers, most important first
   * @param visible a mask of those that are not filtered out
   * @param drawn a mask of those that are drawn at all
   */
  return (points: Uint32Array, priority: Uint32Array, visible: Mask, drawn: Mask): Uint32Array =>
    last(before(points, visible, drawn), priority, visible, drawn);
}

interface Base {
  /** All points to draw, none of them lifted. */
  readonly order: Uint32Array;
  readonly places: Uint32Array;
}

function baseOf(points: Uint32Array, visible: Mask, drawn: Mask): Base {
  const places = new Uint32Array(points.length);
  if (visible === null && drawn === null) {
    for (let at = 0; at < points.length; at++) places[points[at] as number] = at;
    return { order: points, places };
  }
  const order = new Uint32Array(points.length);
  let next = 0;
  for (const dimmed of visible === null ? [false] : [true, false]) {
    for (const index of points) {
      if (visible !== null && (visible[index] === 0) !== dimmed) continue;
      if (drawn !== null && drawn[index] === 0) continue;
      places[index] = next;
      order[next++] = index;
    }
  }
  return { order: order.subarray(0, next), places };
}

/** Returns the order with these points last, the first of them at the very end. */
function lifted({ order, places }: Base, top: Uint32Array): Uint32Array {
  const result = order.slice();
  // Each point changes places with the one at its new place.
  const moved = new Map<number, number>();
  for (let rank = 0; rank < top.length; rank++) {
    const index = top[rank] as number;
    const from = moved.get(index) ?? (places[index] as number);
    const to = result.length - 1 - rank;
    const other = result[to] as number;
    result[from] = other;
    result[to] = index;
    moved.set(other, from);
  }
  return result;
}

/** Yields every block once, in strides of about the golden section of their number. */
function* shuffledBlocks(count: number): Generator<number> {
  const blocks = Math.ceil(count / BLOCK);
  let stride = Math.max(1, Math.round(blocks * 0.618));
  while (greatestCommonDivisor(stride, blocks) > 1) stride++;
  for (let i = 0, block = 0; i < blocks; i++, block = (block + stride) % blocks) yield block;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
