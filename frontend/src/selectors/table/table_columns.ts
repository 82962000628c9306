/** Lists the columns of the table and where their values come from. */

import type { Measure, Series } from "../../api/contract.gen";
import {
  type Comparison,
  columnsOf,
  comparisonOf,
  knowsNoise,
  seriesOf,
} from "../../state/current";
import type { ColumnValues } from "../../state/slots";
import type { State } from "../../state/state";
import { orNaN } from "../../util/fill_array";
import { memo } from "../../util/memo";
import { noiseAsk, seedsContent } from "../shared/noise_request";
import type { RequestMaker, SlotRequest } from "../shared/request";
import type { Choices } from "../shared/request_choices";

/** A column that the table can show, sort by and filter by. */
export interface TableColumn {
  /** The id in links: "drift", "path_length", or `column:<name>` for a logged column. */
  readonly id: string;
  /** The name in filters and files; the logged name of a logged column. */
  readonly name: string;
  /** "trend" is a small chart: nothing to sort or filter by. */
  readonly kind: "number" | "text" | "trend";
}

/** Makes the request for the values of a column; null where there can't be any. */
type ColumnSource = (to: RequestMaker, choices: Choices) => SlotRequest<ColumnValues> | null;

interface WithValues {
  readonly values: ArrayLike<number>;
}

const VALUES = { read: ({ values: numbers }: WithValues): ColumnValues => ({ numbers }) };

/** For columns that take long: asks once the step has not changed for a while. */
const SLOW = { delay: 400, endsJob: true };

const noiseBy =
  (name: "p_values" | "q_values"): ColumnSource =>
  (to, choices) =>
    to("noise", noiseAsk(choices), {
      ...SLOW,
      also: seedsContent(choices),
      read: ({ [name]: numbers }) => ({ numbers }),
    });

const driftBy =
  (measure: Measure): ColumnSource =>
  (to, { reference, step, aligned }) =>
    to("drift", { from_step: reference, to_step: step, measure, ...aligned }, VALUES);

const SOURCES: ReadonlyMap<string, ColumnSource> = new Map<string, ColumnSource>([
  ["cosine", driftBy("cosine")],
  ["euclidean", driftBy("euclidean")],
  ["relative", driftBy("relative")],
  ["norm_change", driftBy("norm_change")],
  [
    "step_drift",
    (to, { previous, step, measure }) =>
      previous === null
        ? null
        : to("drift", { from_step: previous, to_step: step, measure }, VALUES),
  ],
  ["norm", (to, { step }) => to("norms", { step }, VALUES)],
]);

/** The columns that take long, and come with progress. */
const SLOW_SOURCES: ReadonlyMap<string, ColumnSource> = new Map<string, ColumnSource>([
  [
    "indicator",
    (to, { step }) =>
      to(
        "undertrained",
        { step },
        {
          ...{ rest: SLOW.delay, endsJob: true },
          read: ({ values: numbers, indicator, known_unused }) => ({
            ...{ numbers, indicator: { indicator, known_unused } },
          }),
        },
      ),
  ],
  [
    "trust",
    (to, { step, layout }) => to("token_trust", { ...layout, step }, { ...SLOW, ...VALUES }),
  ],
  [
    "path_length",
    (to) => to("path", {}, { ...SLOW, read: ({ length: numbers }) => ({ numbers }) }),
  ],
  [
    "straightness",
    (to) => to("path", {}, { ...SLOW, read: ({ straightness: numbers }) => ({ numbers }) }),
  ],
  ["updates", (to) => to("updates", {}, { ...SLOW, read: ({ counts: numbers }) => ({ numbers }) })],
  [
    "last_updated",
    (to) =>
      to(
        "updates",
        {},
        { ...SLOW, read: ({ last_change, steps }) => ({ numbers: stepsAt(last_change, steps) }) },
      ),
  ],
  [
    "kept",
    (to, { reference, step, metric, k, against }) =>
      to(
        "turnover",
        { from_step: reference, to_step: step, metric, k, ...against },
        { ...SLOW, read: ({ overlap: numbers }) => ({ numbers }) },
      ),
  ],
  [
    "second_order",
    (to, { reference, step, k, against }) =>
      to(
        "second_order_drift",
        { from_step: reference, to_step: step, k, ...against },
        { ...SLOW, ...VALUES },
      ),
  ],
  ["p_value", noiseBy("p_values")],
  ["q_value", noiseBy("q_values")],
  [
    "break_step",
    (to, { measure }) =>
      to(
        "breaks",
        { measure },
        {
          ...SLOW,
          read: ({ positions, steps }) => ({ numbers: stepsAt(positions, steps) }),
        },
      ),
  ],
]);

const OF_ONE_STEP: readonly string[] = ["norm", "indicator", "trust"];
const OF_NEIGHBORS: readonly string[] = ["kept", "second_order"];
const ABOUT_NOISE: readonly string[] = ["p_value", "q_value"];
const OF_DRIFT: readonly string[] = ["cosine", "euclidean", "relative", "norm_change"];

/** Returns the ids of the columns that can be measured, other than the drift and the logged ones. */
function measurable(
  { steps }: Series,
  comparison: Comparison,
  hasNoise: boolean,
): readonly string[] {
  const unknown = [
    ...(comparison === "drift" ? [] : OF_DRIFT),
    ...(comparison === "nothing" ? OF_NEIGHBORS : []),
    ...(hasNoise && comparison !== "nothing" ? [] : ABOUT_NOISE),
  ];
  const all = [...SOURCES.keys(), ...SLOW_SOURCES.keys()];
  const ofOne = [...OF_DRIFT, ...OF_ONE_STEP, ...OF_NEIGHBORS, ...ABOUT_NOISE];
  return (steps.length === 1 ? ofOne : all).filter((id) => !unknown.includes(id));
}

/** Returns the steps at these positions; NaN where there is none. */
function stepsAt(positions: ArrayLike<number>, steps: readonly number[]): Float64Array {
  return Float64Array.from(positions, (at) => steps[at] ?? Number.NaN);
}

const LOGGED = "column:";

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

/** Returns the columns on screen, in their order. */
export function shownColumns(state: State): readonly TableColumn[] {
  return chosen(availableColumns(state), columnsOf(state));
}

/** Returns the request for a column's values; null if they come with another answer. */
export function columnRequest(
  id: string,
  to: RequestMaker,
  choices: Choices,
): SlotRequest<ColumnValues> | null {
  if (!id.startsWith(LOGGED))
    return (SOURCES.get(id) ?? SLOW_SOURCES.get(id))?.(to, choices) ?? null;
  const column = id.slice(LOGGED.length);
  return to(
    "column",
    { column },
    {
      read: ({ numbers, texts }) => (texts ? { texts } : { numbers: orNaN(numbers ?? []) }),
    },
  );
}

export const isSlow = (id: string) => SLOW_SOURCES.has(id);
export const isLogged = (id: string) => id === "frequency" || id.startsWith(LOGGED);
