/** Exports the map as a file, and keeps the progress and the result of the export. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Store } from "../../state/store";
import { text } from "../../strings";
import type { ExportMapEvent, MapFile, Preview } from "../shared/export_map_event";
import type { MapFileTask } from "./map_file";

const SAID_MS = 8000;

export class MapExport implements ReactiveController {
  /** The progress of an animated GIF, 0..1; null while none is being made. */
  progress: number | null = null;
  /** The result of the last export; null after it was dismissed. */
  said: string | null = null;
  private cancelling: AbortController | null = null;
  private previewing: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: ReactiveControllerHost & Element & { readonly store: Store }) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.cancel();
    this.previewing?.abort();
    clearTimeout(this.timer);
  }

  cancel(): void {
    this.cancelling?.abort();
  }

  /** Does what an event asks for; the code for it is loaded with the first one. */
  async answer({ file, preview }: ExportMapEvent): Promise<void> {
    if (!this.host.store.state.slots.positions.value) return;
    if (preview) await this.preview(file, preview);
    else await this.make(file);
  }

  /** Shows a preview, unless a newer one was asked for meanwhile. */
  private async preview(file: MapFile, show: (preview: Preview) => void): Promise<void> {
    this.previewing?.abort();
    const previewing = new AbortController();
    this.previewing = previewing;
    const { previewOf } = await import("./map_file");
    if (previewing.signal.aborted) return;
    const made = await previewOf(file, this.task(previewing.signal));
    if (!previewing.signal.aborted) show(made);
  }

  private task(signal: AbortSignal): MapFileTask {
    const { clientWidth: width, clientHeight: height, store } = this.host;
    return { store, screen: { width, height }, signal, report: (share) => this.report(share) };
  }

  /** Makes a file, one at a time. */
  private async make(file: MapFile): Promise<void> {
    if (this.cancelling) return;
    const cancelling = new AbortController();
    this.cancelling = cancelling;
    this.said = null;
    try {
      const { makeMapFile } = await import("./map_file");
      this.say(await makeMapFile(file, this.task(cancelling.signal)));
    } catch (error) {
      this.say(text.notSaved(error instanceof Error ? error.message : String(error)));
    } finally {
      this.cancelling = null;
    }
  }

  private report(share: number): void {
    this.progress = share;
    this.host.requestUpdate();
  }

  private say(words: string): void {
    this.progress = null;
    this.said = words;
    this.host.requestUpdate();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.said = null;
      this.host.requestUpdate();
    }, SAID_MS);
  }
}
