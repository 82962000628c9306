/** Defines what a link contains: all that the user chose. */

import type { LayoutName, Measure, Metric, SimilarityMeasure } from "../api/contract.gen";
import type { Eye } from "../scatter/scatter";

export const MEASURES: readonly Measure[] = ["cosine", "euclidean", "relative", "norm_change"];
export const SIMILARITIES: readonly SimilarityMeasure[] = ["cka", "overlap"];
export const PANES = ["map", "projector", "split"] as const;
export const MAP_RUNS = ["own", "other", "both"] as const;
/** What the map can show besides its points. */
export const LAYERS = ["regions", "density", "flow", "doubt"] as const;
export type MapLayer = (typeof LAYERS)[number];

/** The view until the user chooses; `null` means the default that current.ts gives. */
export const FIRST_VIEW = {
  run: null as string | null,
  tag: null as string | null,
  /** null follows the newest step. */
  step: null as number | null,
  /** The run and the tag of the series that drift is measured from; null is the series on screen. */
  referenceRun: null as string | null,
  referenceTag: null as string | null,
  /** The runs that differ in nothing but chance: how much they do says what is noise. */
  seeds: [] as readonly string[],
  /** Whether the means of both tables are taken off before they are aligned. */
  centered: false,
  /** The rows that the alignment is found over; null for all common tokens. */
  anchors: null as readonly number[] | null,
  /** null is the first step, or the newest one of another series. */
  reference: null as number | null,
  measure: "cosine" as Measure,
  metric: "cosine" as Metric,
  /** How many neighbors a token is shown with. */
  k: 10,
  /** Selected rows; the last one is inspected. May be thousands. */
  selection: [] as readonly number[],
  sets: [] as readonly RowSet[],
  /** Only these rows are drawn on the map; null draws all. */
  isolated: null as readonly number[] | null,
  layout: "pca" as LayoutName,
  /**
   * The principal component that each axis shows, from 1, or 0 for the component of change; the third
   * in 3-D. Empty for those that the server chooses by its rule.
   */
  components: [] as readonly number[],
  /** The expression of each semantic axis, such as `good - bad`; empty for none. */
  expressions: ["", "", ""] as readonly [x: string, y: string, z: string],
  /** The drift map, the standard Projector, or one beside the other. */
  pane: "map" as (typeof PANES)[number],
  /** Larger and without side panels, for a projector. */
  presenting: false,
  mode: "2d" as "2d" | "3d",
  /** On the map: each axis as long as there is room, or units equally long. */
  axes: "fill" as "fill" | "equal",
  /** The camera of the map; null shows the whole map. */
  eye: null as Eye | null,
  /** Values of the text column that they are colored by: with a color beside the largest, and hidden. */
  coloredValues: [] as readonly string[],
  hiddenValues: [] as readonly string[],
  /** What the points of the map are colored by: the id of a column of the table. */
  colorBy: null as string | null,
  /** The id of the column of numbers that says how large they are; empty for none. */
  sizeBy: "",
  /** What the map shows besides its points; null for what usually helps. */
  layers: null as readonly MapLayer[] | null,
  /** Whether the map shows where tokens came from since the reference step. */
  arrows: false,
  /** Where the map shows tokens: in this run, in the other one that drift is measured from, or both. */
  mapRuns: "own" as (typeof MAP_RUNS)[number],
  query: "",
  minFrequency: null as number | null,
  /** Columns of the table beside rank and token; see table_columns.ts. */
  columns: null as readonly string[] | null,
  sort: null as Sort | null,
  /** The id of the column whose values the table lists as groups, or "sets"; empty for tokens. */
  groupBy: "",
  /** The column that groups are sorted by; null is how far they moved. */
  groupSort: null as Sort | null,
  /** A condition that the rows of the table meet, as the user wrote it. */
  filter: "",
  onlySelected: false,
  /** The width that the user gave it, as a share of the window; null for the usual width. */
  tableShare: null as number | null,
  healthOpen: false,
  /** The most height that the user gave them, as a share of the window; null for the usual height. */
  healthShare: null as number | null,
  /** The measure by which Health compares every step with every other. */
  similarity: "cka" as SimilarityMeasure,
  /** Whether to look for tokens whose neighbors changed even if that takes long. */
  withNeighbors: false,
  /** Whether Health lists all tables of the log instead of measuring the one on screen. */
  allTables: false,
  probes: [] as readonly NamedProbe[],
};

export type View = typeof FIRST_VIEW;

/** The content of a file with a probe, or of what the user typed, which has no name. */
export interface NamedProbe {
  readonly name: string;
  readonly text: string;
}

export interface RowSet {
  readonly name: string;
  /** The place of its color among the marks of the palette. */
  readonly color: number;
  readonly rows: readonly number[];
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
