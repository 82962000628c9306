/** Draws a frame of the map whenever something changed or moves. */

/** What follows a frame: another one, others once all stands still for a while, or none. */
export type After = "moves" | "unfinished" | "done";

/** How long all must stand still before the last frame, milliseconds. */
const SETTLE_MS = 160;

/** Draws when asked to, again as long as something moves, and the rest when all is still. */
export class FrameLoop {
  private request = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param draw draws at a time, `settled` once all is still: then again until it is finished
   * @param isBusy whether drawing would have to wait for the frame before
   */
  constructor(
    private readonly draw: (now: number, settled: boolean) => After,
    private readonly isBusy: () => boolean,
  ) {}

  /** Whether a frame is still to come. */
  get isPending(): boolean {
    return this.request !== 0 || this.timer !== undefined;
  }

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
    this.timer = undefined;
    this.goOn(this.draw(now, false), SETTLE_MS);
  }

  private finish(): void {
    this.timer = undefined;
    if (this.isBusy()) this.ask();
    else this.goOn(this.draw(performance.now(), true), 0);
  }

  private goOn(after: After, pauseMs: number): void {
    if (after === "moves") this.ask();
    else if (after === "unfinished") this.timer = setTimeout(() => this.finish(), pauseMs);
  }
}
