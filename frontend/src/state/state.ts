import type { ColumnValues, Job, LayoutName, Measure, Metric } from "../api/contract.gen";
import type { Answer, Ask, RouteName } from "../api/data_source";
import { type Companies, NO_COMPANIES } from "../controllers/compared_neighbors_loader";
import type { TableEntry } from "../controllers/table_columns_loader";
import { NO_TRENDS, type Trends } from "../controllers/trend_loader";
import type { Eye } from "../scatter/scatter";
import type { Views } from "./browser_storage";
import { type History, NO_HISTORY } from "./history";
import { NO_SEARCH, type SearchState } from "./search_state";

/** What a link reproduces. `null` means the default that `derived.ts` gives. */
export interface View {
  run: string | null;
  tag: string | null;
  /** null follows the newest step. */
  step: number | null;
  /** null is the first step. */
  reference: number | null;
  measure: Measure;
  metric: Metric;
  /** How many neighbors a token is shown with. */
  k: number;
  /** Selected rows; the last one is inspected. May be thousands. */
  selection: readonly number[];
  /** Selections that were given a name. */
  sets: readonly RowSet[];
  /** Only these rows are drawn on the map; null draws all. */
  isolated: readonly number[] | null;
  layout: LayoutName;
  /** Of the principal components, which one each axis shows, from 1; the third in 3-D. */
  components: readonly number[];
  /** Of semantic axes, the expression of each, such as `good - bad`; empty for none. */
  expressions: readonly [x: string, y: string, z: string];
  /** The drift map, the standard Projector, or one beside the other. */
  pane: Pane;
  mode: "2d" | "3d";
  /** On the map: each axis as long as there is room, or units equally long. */
  axes: "fill" | "equal";
  /** Where the map is looked at from; null where all of it is shown. */
  eye: Eye | null;
  /** What the points of the map are colored by: the id of a column of the table. */
  colorBy: string;
  /** The id of the column of numbers that says how large they are; empty for none. */
  sizeBy: string;
  /** Whether the map shows where tokens came from since the reference step. */
  arrows: boolean;
  query: string;
  minFrequency: number | null;
  /** Columns of the table beside rank and token; see table_columns.ts. */
  columns: readonly string[];
  sort: Sort;
  /** A condition that the rows of the table meet, as the user wrote it. */
  filter: string;
  /** The table shows only what is selected. */
  onlySelected: boolean;
  /** How wide the user made it, as a share of the window; null for the usual width. */
  tableShare: number | null;
  /** Whether the panels of Health are open. */
  healthOpen: boolean;
  /** Whether tokens that changed company are looked for even where that takes long. */
  withCompany: boolean;
}

export type Pane = "map" | "projector" | "split";

/** A selection with a name. */
export interface RowSet {
  readonly name: string;
  /** Which of the palette's marks. */
  readonly color: number;
  readonly rows: readonly number[];
  /** Its color is not shown. */
  readonly hidden?: true;
}

export interface Sort {
  /** "token", or the id of a column. */
  by: string;
  descending: boolean;
}

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
  /** What they are true of: `columnsKey` in columns.ts. */
  readonly of: string;
  readonly values: readonly ColumnValues[];
}

export interface State {
  readonly view: View;
  readonly passing: Passing;
  readonly slots: Slots;
  readonly columns: LoadedColumns;
  /** The columns of the table, by id, as far as they are wanted. */
  readonly table: Readonly<Record<string, TableEntry>>;
  readonly trends: Trends;
  readonly companies: Companies;
  /** The views that embeddings were left with. */
  readonly remembered: Views;
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
      withCompany: false,
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
    companies: NO_COMPANIES,
    remembered: {},
    search: NO_SEARCH,
    history: NO_HISTORY,
  };
}
