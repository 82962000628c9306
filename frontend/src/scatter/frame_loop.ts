/** Draws a frame of the map whenever something changed or moves. */

/** How long all must stand still before the last frame, milliseconds. */
const SETTLE_MS = 160;

/** Draws when asked to, again as long as something moves, and a last time when all is still. */
export class FrameLoop {
  private request = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param draw draws at a time, `settled` the last time; returns whether something moves
   * @param isUnfinished whether a last frame, when all is still, would show more
   * @param isBusy whether drawing would have to wait for the frame before
   */
  constructor(
    private readonly draw: (now: number, settled: boolean) => boolean,
    private readonly isUnfinished: () => boolean,
    private readonly isBusy: () => boolean,
  ) {}

  /** Draws in the browser's next frame. */
  ask(): void {
    if (this.request !== 0) return;
    this.request = requestAnimationFrame((now) => {
      this.request = 0;
      if (this.isBusy()) this.ask();
      else this.run(now);
    });
  }

  /** Draws at once, for when waiting would show an empty canvas. */
  now(): void {
    cancelAnimationFrame(this.request);
    this.request = 0;
    this.run(performance.now());
  }

  stop(): void {
    cancelAnimationFrame(this.request);
    clearTimeout(this.timer);
  }

  private run(now: number): void {
    clearTimeout(this.timer);
    if (this.draw(now, false)) this.ask();
    else if (this.isUnfinished()) this.timer = setTimeout(() => this.finish(), SETTLE_MS);
  }

  private finish(): void {
    if (this.isBusy() || this.draw(performance.now(), true)) this.ask();
  }
}
