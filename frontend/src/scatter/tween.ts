/** Computes the progress of a short animation. */

/** Progress from 0 to 1 over a time, eased at both ends: at 1 until something begins. */
export class Tween {
  share = 1;
  private duration = 0;
  private asked = 0;
  private start: number | null = null;

  /**
   * Starts at 0, or is over at once where that takes no time or the user asked for reduced motion.
   *
   * @param duration milliseconds, counted from now; should the first frame come late, half
   *   of it is left to be seen
   */
  begin(duration: number): void {
    this.duration = duration;
    this.asked = performance.now();
    this.start = null;
    this.share = duration > 0 && !prefersReducedMotion() ? 0 : 1;
  }

  end(): void {
    this.share = 1;
  }

  /** Goes on to the time of a frame; returns whether it is still under way. */
  advance(now: number): boolean {
    if (this.share >= 1) return false;
    // A frame's time may lie before the moment at which it was asked for.
    this.start ??= Math.min(Math.max(this.asked, now - this.duration / 2), now);
    this.share = smoothstep((now - this.start) / this.duration);
    return this.share < 1;
  }
}

/** Goes from 0 to 1 as the value does, eased at both ends, as the function of shaders does. */
export function smoothstep(value: number): number {
  const share = Math.min(Math.max(value, 0), 1);
  return share * share * (3 - 2 * share);
}

export function prefersReducedMotion(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
