/** Computes the progress of a short animation. */

/** Progress from 0 to 1 over a time, eased at both ends. */
export class Tween {
  private readonly asked = performance.now();
  private start: number | null = null;

  /**
   * @param duration milliseconds, counted from now; should the first frame come late, half
   *   of it is left to be seen
   */
  constructor(private readonly duration: number) {}

  /** Returns the eased progress at the time of a frame. */
  at(now: number): number {
    // A frame's time may lie before the moment at which it was asked for.
    this.start ??= Math.min(Math.max(this.asked, now - this.duration / 2), now);
    return this.duration > 0 ? smoothstep((now - this.start) / this.duration) : 1;
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
