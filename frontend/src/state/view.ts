/** Defines what a link contains: all that the user chose. */

import type { LayoutName, Measure, Metric, SimilarityMeasure } from "../api/contract.gen";
import type { Eye } from "../scatter/scatter";

/** `null` means the default that current.ts gives. */
export interface View {
  run: string | null;
  tag: string | null;
  /** null follows the newest step. */
  step: number | null;
  /** The run and the tag of the series that drift is measured from; null is the series on screen. */
  referenceRun: string | null;
  referenceTag: string | null;
  /** The runs that differ in nothing but chance: how much they do says what is noise. */
  seeds: readonly string[];
  /** Whether the means of both tables are taken off before they are aligned. */
  centered: boolean;
  /** The rows that the alignment is found over; null for all common tokens. */
  anchors: readonly number[] | null;
  /** null is the first step, or the newest one of another series. */
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
  /**
   * The principal component that each axis shows, from 1, or 0 for the component of change; the third
   * in 3-D. Empty for those that the server chooses by its rule.
   */
  components: readonly number[];
  /** The expression of each semantic axis, such as `good - bad`; empty for none. */
  expressions: readonly [x: string, y: string, z: string];
  /** The drift map, the standard Projector, or one beside the other. */
  pane: Pane;
  /** Larger and without side panels, for a projector. */
  presenting: boolean;
  mode: "2d" | "3d";
  /** On the map: each axis as long as there is room, or units equally long. */
  axes: "fill" | "equal";
  /** The camera of the map; null shows the whole map. */
  eye: Eye | null;
  /** Values of the text column that they are colored by: with a color beside the largest, and hidden. */
  coloredValues: readonly string[];
  hiddenValues: readonly string[];
  /** What the points of the map are colored by: the id of a column of the table. */
  colorBy: string | null;
  /** The id of the column of numbers that says how large they are; empty for none. */
  sizeBy: string;
  /** What the map shows besides its points; null for what usually helps. */
  layers: readonly MapLayer[] | null;
  /** Whether the map shows where tokens came from since the reference step. */
  arrows: boolean;
  /** Where the map shows tokens: in this run, in the other one that drift is measured from, or both. */
  mapRuns: MapRuns;
  query: string;
  minFrequency: number | null;
  /** Columns of the table beside rank and token; see table_columns.ts. */
  columns: readonly string[] | null;
  sort: Sort | null;
  /** The id of the column whose values the table lists as groups, or "sets"; empty for tokens. */
  groupBy: string;
  /** The column that groups are sorted by; null is how far they moved. */
  groupSort: Sort | null;
  /** A condition that the rows of the table meet, as the user wrote it. */
  filter: string;
  /** The table shows only what is selected. */
  onlySelected: boolean;
  /** The width that the user gave it, as a share of the window; null for the usual width. */
  tableShare: number | null;
  /** Whether the panels of Health are open. */
  healthOpen: boolean;
  /** The most height that the user gave them, as a share of the window; null for the usual height. */
  healthShare: number | null;
  /** The measure by which Health compares every step with every other. */
  similarity: SimilarityMeasure;
  /** Whether to look for tokens whose neighbors changed even if that takes long. */
  withNeighbors: boolean;
  /** Whether Health lists all tables of the log instead of measuring the one on screen. */
  allTables: boolean;
  /** What Health scores the table against. */
  probes: readonly NamedProbe[];
}

export type MapRuns = "own" | "other" | "both";
/** What the map can show besides its points. */
export type MapLayer = "regions" | "density" | "flow" | "doubt";

export type Pane = "map" | "projector" | "split";

/** The content of a file with a probe, or of what the user typed, which has no name. */
export interface NamedProbe {
  readonly name: string;
  readonly text: string;
}

/** A selection with a name. */
export interface RowSet {
  readonly name: string;
  /** The place of its color among the marks of the palette. */
  readonly color: number;
  readonly rows: readonly number[];
  /** Whether its color is hidden. */
  readonly hidden?: true;
}

export interface Sort {
  /** "token", or the id of a column. */
  by: string;
  descending: boolean;
}

/** The part of a view that holds rows, emptied: for a series with another vocabulary. */
export const WITHOUT_ROWS = {
  selection: [],
  sets: [],
  isolated: null,
  anchors: null,
  onlySelected: false,
} as const satisfies Partial<View>;

/** The fields of the reference, as they are until the user chooses one. */
export const OF_ITSELF = {
  referenceRun: null,
  referenceTag: null,
  reference: null,
  mapRuns: "own",
} as const satisfies Partial<View>;

/** More would make Health long. */
export const MOST_PROBES = 8;

export const MEASURES: readonly Measure[] = ["cosine", "euclidean", "relative", "norm_change"];

export const SIMILARITIES: readonly SimilarityMeasure[] = ["cka", "overlap"];

export const MAP_RUNS: readonly MapRuns[] = ["own", "other", "both"];
export const LAYERS: readonly MapLayer[] = ["regions", "density", "flow", "doubt"];

export const PANES: readonly Pane[] = ["map", "projector", "split"];
