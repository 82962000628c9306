/** Lists the columns of the table. */

import type { Series } from "../../api/contract.gen";
import {
  type Comparison,
  columnsOf,
  comparisonOf,
  knowsNoise,
  seriesOf,
} from "../../state/current";
import type { State } from "../../state/state";
import { MEASURES } from "../../state/view";
import { memo } from "../../util/memo";
import { LOGGED, MEASURABLE } from "./column_sources";

/** A column that the table can show, sort by and filter by. */
export interface TableColumn {
  /** The id in links: "drift", "path_length", or `column:<name>` for a logged column. */
  readonly id: string;
  /** The name in filters and files; the logged name of a logged column. */
  readonly name: string;
  /** "trend" is a small chart: nothing to sort or filter by. */
  readonly kind: "number" | "text" | "trend";
}

/** The columns that need one step only. */
export const OF_ONE_STEP: readonly string[] = ["norm", "indicator", "trust"];
/** The columns that compare the neighbors of all tokens. */
export const OF_NEIGHBORS: readonly string[] = ["kept", "second_order"];
const ABOUT_NOISE: readonly string[] = ["p_value", "q_value"];

/** Returns the ids of the columns that can be measured, other than the drift and the logged ones. */
function measurable(
  { steps }: Series,
  comparison: Comparison,
  hasNoise: boolean,
): readonly string[] {
  const unknown = [
    ...(comparison === "drift" ? [] : MEASURES),
    ...(comparison === "nothing" ? OF_NEIGHBORS : []),
    ...(hasNoise && comparison !== "nothing" ? [] : ABOUT_NOISE),
  ];
  const ofOne = [...MEASURES, ...OF_ONE_STEP, ...OF_NEIGHBORS, ...ABOUT_NOISE];
  return (steps.length === 1 ? ofOne : MEASURABLE).filter((id) => !unknown.includes(id));
}

/** Returns the id of a logged column: the frequency has the same one in every series. */
export function idOfLogged(series: Series, name: string): string {
  return name === series.frequency_column ? "frequency" : `${LOGGED}${name}`;
}

const columnsIn = memo(
  (series: Series, comparison: Comparison, hasNoise: boolean): readonly TableColumn[] => {
    const number = (id: string) => ({ id, name: id, kind: "number" as const });
    const frequency = series.frequency_column;
    const isSingle = series.steps.length === 1;
    const logged = series.columns
      .filter(({ name }) => name !== frequency)
      .map(({ name, kind }) => ({ id: idOfLogged(series, name), name, kind }));
    return [
      ...(comparison === "drift" ? [number("drift")] : []),
      ...(isSingle ? [] : [{ ...number("trend"), kind: "trend" as const }]),
      ...(frequency === null ? [] : [{ ...number("frequency"), name: frequency }]),
      ...measurable(series, comparison, hasNoise).map(number),
      ...logged,
    ];
  },
);

/** Returns every column that the series on screen has, in the order of the chooser. */
export function availableColumns(state: State): readonly TableColumn[] {
  const series = seriesOf(state);
  return series ? columnsIn(series, comparisonOf(state), knowsNoise(state)) : [];
}

const chosen = memo((all: readonly TableColumn[], ids: readonly string[]) =>
  ids.flatMap((id) => all.find((column) => column.id === id) ?? []),
);

export function shownColumns(state: State): readonly TableColumn[] {
  return chosen(availableColumns(state), columnsOf(state));
}

export const isLogged = (id: string) => id === "frequency" || id.startsWith(LOGGED);
