/** Draws the columns of groups. */

import type { TemplateResult } from "lit";
import type { Group } from "../../selectors/table/groups";
import { text } from "../../strings";
import { compact, percent, short } from "../../util/number_format";
import { bar, trend } from "./table_cells";

/** What the cells of all groups share. */
export interface Scale {
  /** The largest median drift, which is the length of a full bar. */
  readonly largest: number;
  /** The largest median drift at any step: the height of the curves. */
  readonly highest: number;
  readonly steps: readonly number[];
  readonly step: number | null;
}

export type Measured = Omit<Group, "name">;

interface GroupColumn {
  readonly id: string;
  /** The width in CSS pixels where letters have 12. */
  readonly width: number;
  cell(group: Measured, scale: Scale): TemplateResult | string | unknown;
}

const MEASURES: readonly GroupColumn[] = [
  {
    id: "drift",
    width: 72,
    cell: ({ drift }, { largest }) => bar(drift[1], largest, short(drift[1])),
  },
  {
    id: "curve",
    width: 68,
    cell: ({ curve }, { steps, step, highest }) => trend(curve, steps, step, highest),
  },
  { id: "count", width: 48, cell: ({ count }) => compact(count) },
  {
    id: "range",
    width: 88,
    cell: ({ drift }) => text.range(short(drift[0], 2), short(drift[2], 2)),
  },
  { id: "centroid", width: 60, cell: ({ centroidDrift }) => short(centroidDrift) },
  { id: "unchanged", width: 72, cell: ({ unchanged }) => percent(unchanged) },
  {
    id: "spread",
    width: 92,
    cell: ({ spreadBefore, spreadAfter }) => text.fromTo(short(spreadBefore), short(spreadAfter)),
  },
  {
    id: "inside",
    width: 108,
    cell: ({ insideBefore, insideAfter }) =>
      text.fromTo(percent(insideBefore), percent(insideAfter)),
  },
  { id: "norm", width: 52, cell: ({ norm }) => short(norm[1]) },
];

/** The columns that tell something of a single step. */
const OF_ONE_STEP: ReadonlySet<string> = new Set(["count", "norm"]);

/** Returns the columns beside the name, what matters first. */
export function groupColumns(isSingle: boolean, hasNeighbors: boolean): readonly GroupColumn[] {
  if (isSingle) return MEASURES.filter(({ id }) => OF_ONE_STEP.has(id));
  return hasNeighbors ? MEASURES : MEASURES.filter(({ id }) => id !== "inside");
}
