/** Progress from 0 to 1 over a time, eased at both ends. */
export class Tween {
  private start: number | null = null;

  /** @param duration milliseconds, counted from the first frame that asks */
  constructor(
    private readonly duration: number,
    private readonly onEnd: () => void = () => {},
  ) {}

  /** Eased progress at the time of a frame. */
  at(now: number): number {
    this.start ??= now;
    const share = this.duration > 0 ? Math.min((now - this.start) / this.duration, 1) : 1;
    return share * share * (3 - 2 * share);
  }

  /** Tells whoever waits that it is over, at its end or because another took its place. */
  end(): void {
    this.onEnd();
  }
}

export function prefersReducedMotion(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
