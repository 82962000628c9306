/** Decides how many points a frame holds while the map moves. */

/** The number of points that are drawn in any case: a table of this size is always shown whole. */
export const LEAST_POINTS = 100_000;
/** Milliseconds from a frame to the next: from here on motion is seen to jerk, or has time to spare. */
const SLOW_MS = 45;
const FAST_MS = 22;
/** After so many slow or fast frames in a row, the next ones hold half, or twice as many points. */
const SLOW_FRAMES = 3;
const FAST_FRAMES = 12;
/** The most fast frames that are waited for: each time that twice as many were too many, the wait doubles. */
const MOST_FAST_FRAMES = 16 * FAST_FRAMES;

export class FrameBudget {
  /** The number of points that the next frame on the way holds at most. */
  points = LEAST_POINTS;
  private before = Number.NEGATIVE_INFINITY;
  private moved = false;
  private slow = 0;
  private fast = 0;
  private awaited = FAST_FRAMES;

  /**
   * Learns from the pace of the frames.
   *
   * @param now when the frame began, milliseconds
   * @param moves whether the next frame follows at once; else a long pause says nothing
   * @param count the points that there are
   */
  drew(now: number, moves: boolean, count: number): void {
    const ms = now - this.before;
    this.slow = this.moved && ms > SLOW_MS ? this.slow + 1 : 0;
    this.before = now;
    this.moved = moves;
    this.fast = ms < FAST_MS ? this.fast + 1 : 0;
    if (this.slow >= SLOW_FRAMES && this.points > LEAST_POINTS) {
      this.take(this.points / 2);
      this.awaited = Math.min(2 * this.awaited, MOST_FAST_FRAMES);
    } else if (this.fast >= this.awaited && this.points < count) this.take(2 * this.points);
  }

  private take(points: number): void {
    this.points = points;
    this.slow = 0;
    this.fast = 0;
  }
}
