/** Defines the state of the page and its initial values. */

import type { Series } from "../api/contract.gen";
import type { SavedPage } from "../api/data_source";
import { ALL, type Found } from "../search/vocabulary_search";
import { FEWEST_RANKS } from "./ranks";
import { EMPTY_SLOTS, type Slots } from "./slots";
import { FIRST_VIEW, type RowSet, type View } from "./view";

export type Panel = "table" | "token" | "health";

/** The series that answers and rows in the state are of. */
export interface SeriesOnScreen {
  readonly run: string;
  readonly tag: string;
  readonly rows: number | null;
  /** `columns_id` of the series. */
  readonly vocabulary: string;
  /** The checksum of its first step: another one once the run is written anew. */
  readonly first: number | null;
}

/** A message to the user about a series that changed in the log. */
interface SeriesNotice {
  /**
   * It is not in the log, was deleted while it was on screen, or was written anew; or it has fewer
   * of the carried tokens than the series before.
   */
  readonly kind: "missing" | "deleted" | "anew" | "fewer";
  readonly run: string;
  readonly tag: string | null;
  /** What to show again once the log holds the series again; null if it does. */
  readonly left: { readonly view: View; readonly onScreen: SeriesOnScreen | null } | null;
  readonly lacks?: { readonly tokens: number; readonly of: number };
}

/** Selected, isolated and saved tokens on the way to another series, whose rows are others. */
export interface Carried {
  readonly run: string;
  readonly tag: string;
  readonly selection: readonly string[];
  readonly isolated: readonly string[] | null;
  readonly sets: readonly (Omit<RowSet, "rows"> & { readonly tokens: readonly string[] })[];
  /** What they became in that series; null until its tokens are there. */
  readonly given: { [F in "selection" | "isolated"]: readonly number[] | null } | null;
}

/**
 * What was just done: a link was copied, to a step or to the newest one, steps came to the series, or
 * a finding led away from the comparison with a step of another series.
 */
type Toast =
  | { readonly kind: "copied"; readonly step: number | null }
  | { readonly kind: "steps"; readonly steps: number }
  | {
      readonly kind: "left";
      readonly of: Pick<Series, "run" | "tag">;
      readonly step: number;
      /** What brings it back. */
      readonly back: Partial<View>;
    };

/** The part of the state that a link does not contain, as it is at first. */
const FIRST_PASSING = {
  notice: null as SeriesNotice | null,
  toast: null as Toast | null,
  /** The tokens that were carried over to the series that the user opened last. */
  carried: null as Carried | null,
  /** The job that the user has ended. */
  cancelled: null as string | null,
  hover: null as number | null,
  /** The least and the largest coordinates in view where the map is moved by hand in 2-D. */
  seen: null as readonly [number, number, number, number] | null,
  /** The place of the group below the pointer among those that the server named. */
  hoveredGroup: null as number | null,
  /** Columns of the table that the user made wider or narrower, in pixels. */
  widths: {} as Readonly<Record<string, number>>,
  /** The columns named in the filter that is being typed, which completes it with their values. */
  completed: [] as readonly string[],
  /** How many of the first ranks are asked of the whole table, where it is too large for the page. */
  ranks: FEWEST_RANKS,
  tableRows: [] as readonly number[],
  playing: false,
  /** Steps a second; or all steps in ten seconds, however many there are. */
  speed: 1 as number | "all",
  /** The side panel shown where there is room for only one. */
  panel: "table" as Panel,
  /** The panel of Health that a finding led to. */
  healthPanel: null as string | null,
  /** The step below the pointer, in a chart or on the timeline. */
  hoverStep: null as number | null,
  hoversChart: false,
  /** The step that the map shows for as long as the pointer rests on it in a chart. */
  preview: null as number | null,
  /** The milliseconds from step to step of the film that is being made; null if none is. */
  filming: null as number | null,
  /** Playing starts over at the end. */
  loop: false,
  theme: "light" as "light" | "dark",
};

export type Passing = typeof FIRST_PASSING;

export interface State {
  readonly view: View;
  readonly passing: Passing;
  readonly slots: Slots;
  /** The series on screen; null before there is one. */
  readonly onScreen: SeriesOnScreen | null;
  /** What a page in a file holds; null where a server answers. */
  readonly savedPage: SavedPage | null;
  readonly savedViews: SavedViews;
  readonly search: SearchState;
  readonly history: History;
}

export function initialState(view: Partial<View> = {}, passing: Partial<Passing> = {}): State {
  return {
    view: { ...FIRST_VIEW, ...view },
    passing: { ...FIRST_PASSING, ...passing },
    slots: EMPTY_SLOTS,
    onScreen: null,
    savedPage: null,
    savedViews: {},
    search: NO_SEARCH,
    history: NO_HISTORY,
  };
}

/** The result of the last search. */
export interface SearchState extends Found {
  /** The labels that were searched. */
  readonly of: readonly string[];
  readonly query: string;
  /** Whether the answer to a newer search has not come yet. */
  readonly pending: boolean;
  readonly tooSlow: boolean;
}

export const NO_SEARCH: SearchState = { ...ALL, of: [], query: "", pending: false, tooSlow: false };

/** The views before the present one, for undo, and those after it, for redo. */
export interface History {
  readonly past: readonly View[];
  /** The view on screen; null before the first one. */
  readonly present: View | null;
  readonly future: readonly View[];
  /** The fields of the last change and its time: a change that goes on is one change. */
  readonly last: { readonly fields: string; readonly at: number } | null;
}

export const NO_HISTORY: History = { past: [], present: null, future: [], last: null };

/** A view as the entries of its link, and the vocabulary that its rows belong to. */
export interface SavedView {
  readonly entries: Readonly<Record<string, string>>;
  /** `columns_id` of the series. */
  readonly vocabulary: string;
}

/** Views by embedding; the one that was on screen last comes last. */
export type SavedViews = Readonly<Record<string, SavedView>>;
