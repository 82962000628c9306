/** Moves the points from their places at one step to those at the next. */

import { Tween } from "../tween";

/** Stands for a missing coordinate where NaN cannot: shaders may not tell NaN from numbers. */
export const MISSING = Math.fround(3e38);

/**
 * The positions of all points between two steps: `share` is 0 at `from`, 1 at `to`. A row with a
 * non-finite coordinate is nowhere: its point appears or disappears on the way, or is never drawn.
 */
export class PointMotion extends Tween {
  /** `[n, 3]`, non-finite rows marked with MISSING. */
  from: Float32Array = new Float32Array(0);
  to: Float32Array = this.from;

  get count(): number {
    return this.to.length / 3;
  }

  set(positions: Float32Array): void {
    this.to = marked(positions);
    this.from = this.to;
    this.end();
  }

  /** Sends the points to new places from where they are now. */
  moveTo(positions: Float32Array, durationMs: number): void {
    // A motion whose time is over has arrived, even if no frame was fast enough to show it.
    this.advance(performance.now());
    this.from = this.current();
    this.to = marked(positions);
    this.begin(durationMs);
  }

  /**
   * Writes where a point is now to `out`.
   *
   * @returns how present it is, 0..1: 0 if it is nowhere, less than 1 while it appears or
   *   disappears
   */
  at(index: number, out: Float64Array): number {
    if (index < 0 || index >= this.count) return 0;
    const { from, to, share } = this;
    const i = index * 3;
    const arriving = isMissing(from, i);
    const leaving = isMissing(to, i);
    const t = arriving ? 1 : leaving ? 0 : share;
    for (let axis = 0; axis < 3; axis++) {
      const a = from[i + axis] as number;
      const b = to[i + axis] as number;
      out[axis] = t === 0 ? a : t === 1 ? b : a + (b - a) * t;
    }
    if (arriving) return leaving ? 0 : share;
    return leaving ? 1 - share : 1;
  }

  /** Returns where all points are now, `[n, 3]`; MISSING where one is nowhere. */
  current(): Float32Array {
    if (this.share >= 1) return this.to;
    const { from, to, share } = this;
    const now = new Float32Array(to.length);
    for (let i = 0; i < now.length; i++) {
      const a = from[i] as number;
      const b = to[i] as number;
      // What appears or disappears does so in place.
      if (a >= MISSING) now[i] = share > 0 ? b : MISSING;
      else now[i] = b >= MISSING ? a : a + (b - a) * share;
    }
    return now;
  }
}

function isMissing(positions: Float32Array, offset: number): boolean {
  return (positions[offset] as number) === MISSING;
}

/** Positions known to have no non-finite row: the same steps come again and again while playing. */
const whole = new WeakSet<Float32Array>();

/** Marks non-finite rows with MISSING, in a copy if there are any. */
function marked(positions: Float32Array): Float32Array {
  if (whole.has(positions)) return positions;
  let copy: Float32Array | null = null;
  for (let i = 0; i + 2 < positions.length; i += 3) {
    const sum =
      (positions[i] as number) + (positions[i + 1] as number) + (positions[i + 2] as number);
    if (Number.isFinite(sum)) continue;
    copy ??= positions.slice();
    copy.fill(MISSING, i, i + 3);
  }
  if (copy === null) whole.add(positions);
  return copy ?? positions;
}
