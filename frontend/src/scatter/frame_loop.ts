/** Draws a frame of the map whenever something changed or moves. */

export interface FrameStats {
  /** Median time from one frame to the next while drawing continuously, or null. */
  readonly medianMs: number | null;
  /** Frames drawn since the start. */
  readonly frames: number;
}

const SETTLE_MS = 160;
const KEPT_TIMES = 240;

/** Draws when asked to, again as long as something moves, and a last time when all is still. */
export class FrameLoop {
  private readonly times: number[] = [];
  private frames = 0;
  private request = 0;
  private previous: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param draw draws at a time, `settled` the last time; says whether something moves
   * @param isUnfinished whether a last time, when all is still, would show more
   * @param isBusy whether drawing would have to wait for the frame before
   */
  constructor(
    private readonly draw: (now: number, settled: boolean) => boolean,
    private readonly isUnfinished: () => boolean,
    private readonly isBusy: () => boolean,
  ) {}

  get stats(): FrameStats {
    const sorted = [...this.times].sort((a, b) => a - b);
    return { medianMs: sorted[sorted.length >> 1] ?? null, frames: this.frames };
  }

  /** Draws in the browser's next frame. */
  ask(): void {
    if (this.request === 0) this.request = requestAnimationFrame((now) => this.runWhenFree(now));
  }

  /** Draws at once, for when waiting would show an empty canvas. */
  now(): void {
    cancelAnimationFrame(this.request);
    this.run(performance.now());
  }

  stop(): void {
    cancelAnimationFrame(this.request);
    clearTimeout(this.timer);
  }

  private runWhenFree(now: number): void {
    this.request = 0;
    if (this.isBusy()) this.ask();
    else this.run(now);
  }

  private run(now: number): void {
    this.request = 0;
    clearTimeout(this.timer);
    if (this.previous !== null) this.times.push(now - this.previous);
    if (this.times.length > KEPT_TIMES) this.times.shift();
    const active = this.draw(now, false);
    this.frames++;
    this.previous = active ? now : null;
    if (active) this.ask();
    else if (this.isUnfinished()) this.timer = setTimeout(() => this.finish(), SETTLE_MS);
  }

  private finish(): void {
    if (this.isBusy()) this.ask();
    else if (this.draw(performance.now(), true)) this.ask();
  }
}
