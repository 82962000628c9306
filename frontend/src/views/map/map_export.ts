/** Exports the map as a file, and keeps the progress and the result of the export. */

import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Scatter } from "../../scatter/scatter";
import type { Store } from "../../state/store";
import { text } from "../../strings";
import type { MapFile } from "../shared/export_map_event";
import type { MapSlice } from "./map_slice";

/** The part of the map's element that an export uses. */
export interface MapExportHost extends ReactiveControllerHost {
  readonly store: Store;
  readonly exported: { readonly scatter: Scatter; readonly slice: MapSlice } | null;
}

const SAID_MS = 8000;

export class MapExport implements ReactiveController {
  /** The progress of an animated GIF, 0..1; null while none is being made. */
  progress: number | null = null;
  /** The result of the last export; null after it was dismissed. */
  said: string | null = null;
  /** The functions that are called after each frame of the map. */
  readonly listeners = new Set<() => void>();
  private cancelling: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: MapExportHost) {
    host.addController(this);
  }

  hostDisconnected(): void {
    this.cancel();
    clearTimeout(this.timer);
  }

  cancel(): void {
    this.cancelling?.abort();
  }

  /** Makes a file, one at a time; the code for it is loaded with the first file. */
  async make(file: MapFile): Promise<void> {
    const { exported, store } = this.host;
    if (!exported?.slice.positions || this.cancelling) return;
    const cancelling = new AbortController();
    this.cancelling = cancelling;
    this.said = null;
    try {
      const { makeMapFile } = await import("./map_file");
      const words = await makeMapFile(file, {
        ...exported,
        store,
        signal: cancelling.signal,
        report: (share) => this.report(share),
        onFrame: (callback) => {
          this.listeners.add(callback);
          return () => this.listeners.delete(callback);
        },
      });
      this.say(words);
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
