/** Runs one task at a time: starting a newer one aborts the one before. */

export class LatestTask {
  private controller: AbortController | null = null;

  /** Resolves to what the task gives, or to null once a newer task was started. */
  async run<T>(task: (signal: AbortSignal) => Promise<T>): Promise<{ value: T } | null> {
    this.controller?.abort();
    const controller = new AbortController();
    this.controller = controller;
    try {
      const value = await task(controller.signal);
      return controller.signal.aborted ? null : { value };
    } catch (error) {
      if (controller.signal.aborted) return null;
      throw error;
    }
  }

  cancel(): void {
    this.controller?.abort();
    this.controller = null;
  }
}
