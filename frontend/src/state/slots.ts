/** Defines the slots of the state: for each question, its last answer and whether one is on its way. */

import type { Groups, Job, NeighborChange, Probe, Undertrained } from "../api/contract.gen";
import type { Answer, RouteName } from "../api/data_source";
import type { Values } from "../filter/filter_operators";

/** Answers about single rows, collected as they come. */
export interface RowAnswers<T> {
  /** The key of the question without its rows. */
  readonly key: string;
  readonly byRow: ReadonlyMap<number, T>;
}

/** Drift over the steps, by row of the table. */
export interface Trends extends RowAnswers<Float32Array> {
  readonly steps: readonly number[];
}

/** The rows of a saved selection, or of what the filter leaves, which has no name. */
export interface RowList {
  readonly name: string | null;
  readonly rows: readonly number[];
}

/** Measures of groups, and what the groups are. */
export interface GroupsAnswer {
  readonly by: string;
  /** The parameters that name the series of the reference. */
  readonly against: string;
  /** The groups, unless they are those of a column. */
  readonly lists: readonly RowList[] | null;
  readonly reference: number;
  readonly step: number;
  readonly answer: Groups;
}

export interface Failure {
  /** HTTP status, or null when the server was not reached. */
  status: number | null;
  message: string;
}

/** The last answer, and the question on its way. The answer stays until the next one comes. */
export interface Slot<T> {
  value: T | null;
  key: string | null;
  pending: string | null;
  failure: Failure | null;
  /** The job that works on the question on its way, if it takes a while. */
  job?: Job | null;
}

/** Returns whether the value of a slot answers the question that was asked last. */
export function isAnswered({ pending, failure }: Slot<unknown>): boolean {
  return pending === null && failure === null;
}

export const EMPTY: Slot<never> = { value: null, key: null, pending: null, failure: null };

const answerTo = <R extends RouteName>(_route: R): Slot<Answer<R>> => EMPTY;

/** The empty slots, except those of columns; the types say what each one holds. */
export const EMPTY_SLOTS = {
  index: answerTo("index"),
  tokens: answerTo("tokens"),
  frequency: answerTo("column"),
  /** The rows that come first in a table that is too large for the page, those that match the search,
   * and those in the part of the map in view. */
  ranked: answerTo("ranked"),
  found: answerTo("search"),
  within: answerTo("within"),
  positions: answerTo("positions"),
  firstPositions: answerTo("positions"),
  newestPositions: answerTo("positions"),
  referencePositions: answerTo("positions"),
  trails: answerTo("trails"),
  drift: answerTo("drift"),
  rowsInReference: answerTo("rows_in_reference"),
  newestDrift: answerTo("drift"),
  previewDrift: answerTo("drift"),
  previewNorms: answerTo("norms"),
  newestNorms: answerTo("norms"),
  stepDrift: answerTo("drift"),
  quality: answerTo("quality"),
  health: answerTo("health"),
  similarity: answerTo("similarity_matrix"),
  /** The health of the other run that drift is measured from. */
  otherHealth: answerTo("health"),
  findings: answerTo("findings"),
  /** What differs from the other run that drift is measured from by more than noise. */
  findingsBetween: answerTo("findings_between"),
  allHealth: answerTo("all_health"),
  /** The compared tokens through all steps, and the inspected one in the other run. */
  trajectories: answerTo("trajectories"),
  otherTrajectory: answerTo("trajectories"),
  motion: answerTo("motion"),
  updates: answerTo("updates"),
  change: answerTo("neighbor_change"),
  /** The same for the other compared tokens. */
  comparedNeighbors: EMPTY as Slot<RowAnswers<NeighborChange>>,
  trends: EMPTY as Slot<Trends>,
  analogy: answerTo("analogy"),
  groups: EMPTY as Slot<GroupsAnswer>,
  groupTrajectories: answerTo("group_trajectories"),
  /** The same groups with the neighbors of their tokens. */
  groupNeighbors: EMPTY as Slot<GroupsAnswer>,
  /** The selected tokens as a group, and all tokens. */
  selectedGroup: answerTo("groups"),
  selectedPath: answerTo("group_trajectories"),
  allTokens: answerTo("groups"),
  cancel: answerTo("cancel"),
  projector: answerTo("projector"),
};

/** The values of a column of the table, and what the numbers of under-trained tokens are. */
export type ColumnValues = Values & {
  readonly indicator?: Pick<Undertrained, "indicator" | "known_unused">;
};

/** The values of the column of the table that has this id. */
export type ColumnSlotName = `column ${string}`;

/** The scores of the probe at this place. */
export type ProbeSlotName = `probe ${number}`;

export type Slots = Readonly<typeof EMPTY_SLOTS> & {
  readonly [name: ColumnSlotName]: Slot<ColumnValues> | undefined;
  readonly [name: ProbeSlotName]: Slot<Probe> | undefined;
};

export type SlotName = keyof Slots;
