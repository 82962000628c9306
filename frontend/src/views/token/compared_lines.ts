/** Makes the charts and lists of the tokens that are compared side by side. */

import type { Trajectories } from "../../api/contract.gen";
import type { Line } from "../../charts/line";
import { marksOf } from "../../selectors/compared_tokens";
import type { ComparedNeighbors } from "../../state/state";
import { memo } from "../../util/memo";
import type { Compared } from "./compared_tokens";
import type { TokenNeighbors } from "./neighbors_side_by_side";

/** The lines of several tokens in one chart, each in its token's color. */
export interface Overlaid {
  drift: readonly Line[];
  norm: readonly Line[];
}

/** null with one token, or while the answer is about others. */
export const overlaid = memo(
  (
    rows: readonly number[],
    labels: readonly string[],
    answer: Trajectories | null,
  ): Overlaid | null => {
    if (rows.length < 2 || !answer) return null;
    const linesOf = (values: Float32Array) =>
      rows.flatMap((row): Line[] => {
        const found = valuesOf(answer, row, values);
        const label = labels[row] ?? `#${row}`;
        return found ? [{ label, values: found, color: 0, mark: marksOf(rows).get(row) ?? 0 }] : [];
      });
    const drift = linesOf(answer.drift);
    return drift.length === rows.length ? { drift, norm: linesOf(answer.norm) } : null;
  },
);

/** What is listed of each token that is looked at; numbers as far as they are there. */
export const comparedTokens = memo(
  (
    rows: readonly number[],
    labels: readonly string[],
    answer: Trajectories | null,
    step: number | null,
  ): readonly Compared[] => {
    const at = answer?.steps.indexOf(step ?? Number.NaN) ?? -1;
    const now = (row: number, values: Float32Array | undefined) =>
      (answer && values && valuesOf(answer, row, values)?.[at]) ?? undefined;
    const tokens = rows.map((row) => ({
      row,
      label: labels[row] ?? `#${row}`,
      mark: marksOf(rows).get(row) ?? 0,
      drift: now(row, answer?.drift),
      norm: now(row, answer?.norm),
    }));
    // In an order that does not change with which of them is inspected.
    return tokens.sort((a, b) => a.mark - b.mark);
  },
);

/** The neighbors of the tokens beside the inspected one, as far as they are there. */
export const neighborsOfOthers = memo(
  (
    rows: readonly number[],
    inspected: number | null,
    labels: readonly string[],
    { byRow }: ComparedNeighbors,
  ): readonly TokenNeighbors[] => {
    const others = rows.length > 1 ? rows.filter((row) => row !== inspected) : [];
    const listed = others.map((row) => ({
      row,
      label: labels[row] ?? `#${row}`,
      mark: marksOf(rows).get(row) ?? 0,
      change: byRow.get(row) ?? null,
    }));
    return listed.sort((a, b) => a.mark - b.mark);
  },
);

function valuesOf(
  { indices, steps }: Trajectories,
  row: number,
  values: Float32Array,
): (number | null)[] | null {
  const at = indices.indexOf(row);
  if (at < 0) return null;
  const found = values.subarray(at * steps.length, (at + 1) * steps.length);
  return Array.from(found, (value) => (Number.isFinite(value) ? value : null));
}
