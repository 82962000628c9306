/** Defines the state of the page and its initial values. */

import type { ColumnValues, Job, NeighborChange } from "../api/contract.gen";
import type { Answer, Ask, RouteName } from "../api/data_source";
import type { Values } from "../filter/evaluate";
import { NO_SEARCH, type SearchState } from "./search_state";
import type { View } from "./view";

export type Panel = "table" | "token" | "health";

/** What a link leaves out. */
export interface Passing {
  /** The job that the user has ended. */
  cancelled: string | null;
  hover: number | null;
  /** Columns of the table that the user made wider or narrower, in pixels. */
  widths: Readonly<Record<string, number>>;
  /** The rows of the table that are in view. */
  tableRows: readonly number[];
  playing: boolean;
  /** Steps a second. */
  speed: number;
  /** The side panel shown where there is room for only one. */
  panel: Panel;
  /** The panel of Health that a finding led to. */
  healthPanel: string | null;
  /** The step below the pointer, in a chart or on the timeline. */
  hoverStep: number | null;
  /** It is below the pointer in a chart. */
  hoversChart: boolean;
  /** The step that the map shows for as long as the pointer rests on it in a chart. */
  preview: number | null;
  /** A film of the map is being made, which takes so many milliseconds from step to step. */
  filming: number | null;
  /** Playing starts over at the end. */
  loop: boolean;
  theme: "light" | "dark";
}

/** Which route fills which slot. */
export const SLOT_ROUTES = {
  index: "index",
  tokens: "tokens",
  frequency: "column",
  positions: "positions",
  firstPositions: "positions",
  newestPositions: "positions",
  referencePositions: "positions",
  trails: "trails",
  drift: "drift",
  newestDrift: "drift",
  previewDrift: "drift",
  previewNorms: "norms",
  newestNorms: "norms",
  stepDrift: "drift",
  quality: "quality",
  health: "health",
  findings: "findings",
  trajectory: "trajectory",
  compared: "trajectories",
  motion: "motion",
  change: "neighbor_change",
  cancel: "cancel",
  projector: "projector",
} as const satisfies Record<string, RouteName>;

export type SlotName = keyof typeof SLOT_ROUTES;
export type SlotAnswer<S extends SlotName> = Answer<(typeof SLOT_ROUTES)[S]>;
export type SlotAsk<S extends SlotName> = Ask<(typeof SLOT_ROUTES)[S]>;

export interface Failure {
  /** HTTP status, or null when the server was not reached. */
  status: number | null;
  message: string;
}

/** An answer, and the question on its way. The last answer stays until the next one. */
export interface Slot<T> {
  value: T | null;
  key: string | null;
  pending: string | null;
  failure: Failure | null;
  /** Where the work for the question on its way stands, if it takes a while. */
  job?: Job | null;
}

export type Slots = { readonly [S in SlotName]: Slot<SlotAnswer<S>> };

/** Columns of the series on screen, as far as they were asked for. */
export interface LoadedColumns {
  /** What they are true of: `columnsKey` in current.ts. */
  readonly of: string;
  readonly values: readonly ColumnValues[];
}

export interface State {
  readonly view: View;
  readonly passing: Passing;
  readonly slots: Slots;
  readonly columns: LoadedColumns;
  /** The columns of the table, by id, as far as they are wanted. */
  readonly table: Readonly<Record<string, ColumnEntry>>;
  readonly trends: Trends;
  readonly comparedNeighbors: ComparedNeighbors;
  /** The views that embeddings were left with. */
  readonly savedViews: SavedViews;
  readonly search: SearchState;
  readonly history: History;
}

const EMPTY: Slot<never> = { value: null, key: null, pending: null, failure: null };

export function initialState(view: Partial<View> = {}, passing: Partial<Passing> = {}): State {
  return {
    view: {
      run: null,
      tag: null,
      step: null,
      reference: null,
      measure: "cosine",
      metric: "cosine",
      k: 10,
      selection: [],
      sets: [],
      isolated: null,
      layout: "pca",
      components: [1, 2, 3],
      expressions: ["", "", ""],
      pane: "map",
      mode: "2d",
      axes: "fill",
      eye: null,
      colorBy: "drift",
      sizeBy: "",
      arrows: false,
      query: "",
      minFrequency: null,
      columns: ["drift", "frequency"],
      sort: { by: "drift", descending: true },
      filter: "",
      onlySelected: false,
      tableShare: null,
      healthOpen: false,
      withNeighbors: false,
      ...view,
    },
    passing: {
      cancelled: null,
      hover: null,
      tableRows: [],
      widths: {},
      playing: false,
      speed: 1,
      panel: "table",
      healthPanel: null,
      hoverStep: null,
      hoversChart: false,
      preview: null,
      filming: null,
      loop: false,
      theme: "light",
      ...passing,
    },
    slots: {
      index: EMPTY,
      tokens: EMPTY,
      frequency: EMPTY,
      positions: EMPTY,
      firstPositions: EMPTY,
      newestPositions: EMPTY,
      referencePositions: EMPTY,
      trails: EMPTY,
      drift: EMPTY,
      newestDrift: EMPTY,
      previewDrift: EMPTY,
      previewNorms: EMPTY,
      newestNorms: EMPTY,
      stepDrift: EMPTY,
      quality: EMPTY,
      health: EMPTY,
      findings: EMPTY,
      trajectory: EMPTY,
      compared: EMPTY,
      motion: EMPTY,
      change: EMPTY,
      cancel: EMPTY,
      projector: EMPTY,
    },
    columns: { of: "", values: [] },
    table: {},
    trends: NO_TRENDS,
    comparedNeighbors: NO_COMPARED_NEIGHBORS,
    savedViews: {},
    search: NO_SEARCH,
    history: NO_HISTORY,
  };
}

/** Drift over the steps of the rows that the table shows. */
export interface Trends {
  /** What they are true of. */
  readonly key: string;
  readonly steps: readonly number[];
  /** One value per step. */
  readonly byRow: ReadonlyMap<number, Float32Array>;
}

export const NO_TRENDS: Trends = { key: "", steps: [], byRow: new Map() };

/** The neighbors of the tokens that are looked at beside the inspected one. */
export interface ComparedNeighbors {
  /** What they are true of. */
  readonly key: string;
  readonly byRow: ReadonlyMap<number, NeighborChange>;
  readonly failure: Failure | null;
}

export const NO_COMPARED_NEIGHBORS: ComparedNeighbors = {
  key: "",
  byRow: new Map(),
  failure: null,
};

/** One column of the table: its last values, and those on their way. */
export interface ColumnEntry {
  readonly values: Values | null;
  /** What the values are, or will be, the answer to. */
  readonly key: string;
  readonly pending: boolean;
  /** How far the work is, where it takes a while. */
  readonly job: Job | null;
  readonly failure: Failure | null;
}

/** Views that were left, to go back to, and views that were taken back. */
export interface History {
  readonly past: readonly View[];
  /** The view that the last entry leads to; null before the first. */
  readonly present: View | null;
  readonly future: readonly View[];
  /** The fields that the last change was of, and when: what goes on is one change. */
  readonly last: { readonly fields: string; readonly at: number } | null;
}

export const NO_HISTORY: History = { past: [], present: null, future: [], last: null };

/** A view as the entries of its link, and the vocabulary that its rows are of. */
export interface SavedView {
  readonly entries: Readonly<Record<string, string>>;
  /** `columns_id` of the series. */
  readonly vocabulary: string;
}

/** Views by embedding, the last one looked at last. */
export type SavedViews = Readonly<Record<string, SavedView>>;
