/** Drives the standard Projector's page in a frame and brings it to the step on screen. */

import type { Projector } from "../api/contract.gen";
import { isAbort, type ProjectorSource } from "../api/data_source";
import { same } from "../util/same";
import { parseColumns } from "./column_parser";
import {
  type ForeignProjector,
  findProjector,
  isDriven,
  isProjectorPage,
  isReady,
} from "./projector_internals";
import { pointsOf, rowsOf } from "./shown_points";
import { type SidePanel, showNight, showSidePanels } from "./side_panels";
import { swapData } from "./swap_data";

const LOOK_MS = 50;
/** The column of the drift from the reference step. */
const DRIFT = "drift";

export type FrameState = "loading" | "stepping" | "shown" | "failed";

export interface FrameEvents {
  onState(state: FrameState): void;
  /** The user selected points in the Projector: their rows. */
  onSelect(rows: readonly number[]): void;
}

/**
 * The page is loaded once for each embedding; after that only its data is exchanged, and what
 * the user chose in it stays. The newest step wins.
 */
export class ProjectorFrame {
  private wanted: Projector | null = null;
  /** What is on screen in it, and of which run and tag. */
  private shown: Projector | null = null;
  private series = "";
  private projector: ForeignProjector | null = null;
  private under = new AbortController();
  private looking: ReturnType<typeof setInterval> | undefined;
  /** Its page could not be loaded. */
  private isLost = false;
  private isStepping = false;
  private selection: readonly number[] = [];
  private panels: readonly SidePanel[] = [];
  private night = false;
  /** While data is exchanged, what the page says of selections is not the user's. */
  private busy = false;

  constructor(
    private readonly frame: HTMLIFrameElement,
    private readonly source: ProjectorSource,
    private readonly events: FrameEvents,
  ) {}

  dispose(): void {
    this.under.abort();
    clearInterval(this.looking);
  }

  /** Shows a table of the series of this name. */
  show(wanted: Projector, series: string): void {
    if (wanted.key === this.wanted?.key && series === this.series) return;
    this.wanted = wanted;
    const isNew = series !== this.series;
    this.series = series;
    if (isNew || this.isLost) this.load(wanted);
    else void this.step();
  }

  select(rows: readonly number[]): void {
    if (same(rows, this.selection)) return;
    this.selection = rows;
    this.giveSelection();
  }

  showSidePanels(panels: readonly SidePanel[]): void {
    this.panels = panels;
    if (this.projector) showSidePanels(this.projector, panels);
  }

  /** Shows the points on black, or on white. */
  setNight(on: boolean): void {
    this.night = on;
    if (this.projector) showNight(this.projector, on);
  }

  private load(wanted: Projector): void {
    this.under.abort();
    this.under = new AbortController();
    this.shown = null;
    this.projector = null;
    this.isLost = false;
    this.isStepping = false;
    this.busy = false;
    clearInterval(this.looking);
    this.events.onState("loading");
    this.frame.src = this.source.page(wanted.key);
    this.looking = setInterval(() => this.look(wanted), LOOK_MS);
  }

  /** Looks whether the page has built itself: no event tells when it is done. */
  private look(loaded: Projector): void {
    const page = this.frame.contentDocument;
    if (page?.URL !== this.frame.src) return;
    const projector = findProjector(page);
    if (projector) this.meet(projector, loaded);
    else if (page.readyState === "complete" && !isProjectorPage(page)) {
      clearInterval(this.looking);
      this.isLost = true;
      this.events.onState("failed");
    }
  }

  private meet(projector: ForeignProjector, loaded: Projector): void {
    showSidePanels(projector, this.panels);
    if (this.night) showNight(projector, true);
    if (!isReady(projector)) return;
    clearInterval(this.looking);
    this.shown = loaded;
    this.projector = projector;
    if (isDriven(projector)) {
      projector.registerSelectionChangedListener((points) => this.takeSelection(points));
      colorByDrift(projector);
      this.giveSelection();
    }
    this.events.onState("shown");
    void this.step();
  }

  /** Goes to the newest table that is wanted; one that came meanwhile is the next. */
  private async step(): Promise<void> {
    const { projector } = this;
    if (!projector || this.isStepping) return;
    const { signal } = this.under;
    this.isStepping = true;
    try {
      while (this.wanted && this.wanted.key !== this.shown?.key) {
        if (!isDriven(projector)) {
          this.load(this.wanted);
          return;
        }
        this.events.onState("stepping");
        await this.exchange(projector, this.wanted, signal);
      }
      this.events.onState("shown");
    } catch (error) {
      // Work is aborted when its page is no longer there: that is no failure.
      if (!isAbort(error) && !signal.aborted) this.events.onState("failed");
    } finally {
      if (!signal.aborted) this.isStepping = false;
    }
  }

  private async exchange(
    projector: ForeignProjector,
    wanted: Projector,
    signal: AbortSignal,
  ): Promise<void> {
    const { numbers, columns } = await this.source.table(wanted.key, signal);
    signal.throwIfAborted();
    this.busy = true;
    try {
      await swapData(projector, numbers, parseColumns(columns), wanted.tensor_name);
    } finally {
      signal.throwIfAborted();
      this.busy = false;
    }
    this.shown = wanted;
    this.giveSelection();
  }

  private giveSelection(): void {
    const { projector, shown } = this;
    if (!projector || !shown || this.busy || !isDriven(projector)) return;
    const points = pointsOf(shown, this.selection);
    if (same(points, projector.selectedPointIndices)) return;
    this.busy = true;
    projector.notifySelectionChanged(points);
    this.busy = false;
  }

  private takeSelection(points: readonly number[]): void {
    const { shown } = this;
    if (this.busy || !shown) return;
    const rows = rowsOf(shown, points);
    if (same(rows, this.selection)) return;
    this.selection = rows;
    this.events.onSelect(rows);
  }
}

/** Colors the points by drift, until the user chooses otherwise. */
function colorByDrift({ dataPanel }: ForeignProjector): void {
  if (dataPanel.colorOptions?.some(({ name }) => name === DRIFT)) {
    dataPanel.selectedColorOptionName = DRIFT;
  }
}
