/** Lists the columns of the table and where their values come from. */

import type { Job, Measure, Metric, Series } from "../api/contract.gen";
import type { Answer, Ask, RouteName } from "../api/data_source";
import type { Values } from "../filter/evaluate";
import { previousStep, referenceOf, seriesOf, stepOf } from "../state/current";
import type { State } from "../state/state";
import { memo } from "../util/memo";

/** A column that the table can show, sort by and filter by. */
export interface TableColumn {
  /** As in links: "drift", "path_length", or `column:<name>` for a logged one. */
  readonly id: string;
  /** As in filters and files; for a logged column, its own name. */
  readonly name: string;
  /** "trend" is a small chart: nothing to sort or filter by. */
  readonly kind: "number" | "text" | "trend";
  /** It takes a while, and comes with progress. */
  readonly slow: boolean;
}

/** What a column's values follow from. */
interface Where {
  of: { run: string; tag: string };
  step: number;
  reference: number;
  previous: number | null;
  measure: Measure;
  metric: Metric;
  k: number;
}

/** Where the values of a column come from; `ask` is null where there can't be any. */
export interface Source {
  readonly route: RouteName;
  ask(where: Where): object | null;
  /** null while a job is at work. */
  read(answer: unknown): Values | null;
}

/** Checks a source against the contract, then forgets which route it is. */
function source<R extends RouteName>(
  route: R,
  ask: (where: Where) => Ask<R> | null,
  read: (answer: Answer<R>) => Values | null,
): Source {
  return { route, ask, read: read as (answer: unknown) => Values | null };
}

function driftBy(measure: Measure): Source {
  return source(
    "drift",
    ({ of, reference, step }) => ({ ...of, from_step: reference, to_step: step, measure }),
    ({ values }) => ({ numbers: values }),
  );
}

const isDone = ({ job }: { job: Job }) => job.state === "done";

const SOURCES: ReadonlyMap<string, Source> = new Map([
  ["cosine", driftBy("cosine")],
  ["euclidean", driftBy("euclidean")],
  ["relative", driftBy("relative")],
  ["norm_change", driftBy("norm_change")],
  [
    "step_drift",
    source(
      "drift",
      ({ of, previous, step, measure }) =>
        previous === null ? null : { ...of, from_step: previous, to_step: step, measure },
      ({ values }) => ({ numbers: values }),
    ),
  ],
  [
    "norm",
    source(
      "norms",
      ({ of, step }) => ({ ...of, step }),
      ({ values }) => ({ numbers: values }),
    ),
  ],
  [
    "path_length",
    source(
      "path",
      ({ of }) => of,
      (answer) => (isDone(answer) ? { numbers: answer.length } : null),
    ),
  ],
  [
    "straightness",
    source(
      "path",
      ({ of }) => of,
      (answer) => (isDone(answer) ? { numbers: answer.straightness } : null),
    ),
  ],
  [
    "kept",
    source(
      "turnover",
      ({ of, reference, step, metric, k }) => ({
        ...of,
        from_step: reference,
        to_step: step,
        metric,
        k,
      }),
      (answer) => (isDone(answer) ? { numbers: answer.overlap } : null),
    ),
  ],
  [
    "second_order",
    source(
      "second_order_drift",
      ({ of, reference, step, k }) => ({ ...of, from_step: reference, to_step: step, k }),
      (answer) => (isDone(answer) ? { numbers: answer.values } : null),
    ),
  ],
  [
    "break_step",
    source(
      "breaks",
      ({ of, measure }) => ({ ...of, measure }),
      (answer) => {
        const stepAt = (position: number) => answer.steps[position] ?? Number.NaN;
        return isDone(answer) ? { numbers: Float64Array.from(answer.positions, stepAt) } : null;
      },
    ),
  ],
]);

const SLOW: ReadonlySet<string> = new Set([
  "path_length",
  "straightness",
  "kept",
  "second_order",
  "break_step",
]);
const LOGGED = "column:";

const columnsOf = memo((series: Series): readonly TableColumn[] => {
  const number = (id: string) => ({ id, name: id, kind: "number" as const, slow: SLOW.has(id) });
  const frequency = series.frequency_column;
  const logged = series.columns
    .filter(({ name }) => name !== frequency)
    .map(({ name, kind }) => ({ id: `${LOGGED}${name}`, name, kind, slow: false }));
  return [
    number("drift"),
    { id: "trend", name: "trend", kind: "trend", slow: false },
    ...(frequency === null ? [] : [{ ...number("frequency"), name: frequency }]),
    ...Array.from(SOURCES.keys(), number),
    ...logged,
  ];
});

/** Every column that the series on screen has, in the order of the chooser. */
export function availableColumns(state: State): readonly TableColumn[] {
  const series = seriesOf(state);
  return series ? columnsOf(series) : [];
}

const chosen = memo((all: readonly TableColumn[], ids: readonly string[]) =>
  ids.flatMap((id) => all.find((column) => column.id === id) ?? []),
);

/** The columns on screen, in their order. */
export function shownColumns(state: State): readonly TableColumn[] {
  return chosen(availableColumns(state), state.view.columns);
}

/** Where the values of a column come from; null for what the page has anyway. */
export function sourceOf(id: string): Source | null {
  if (!id.startsWith(LOGGED)) return SOURCES.get(id) ?? null;
  const column = id.slice(LOGGED.length);
  return source(
    "column",
    ({ of }) => ({ ...of, column }),
    ({ numbers, texts }) => (texts ? { texts } : { numbers: unknownAsNaN(numbers ?? []) }),
  );
}

const unknownAsNaN = (numbers: readonly (number | null)[]) =>
  Float64Array.from(numbers, (value) => value ?? Number.NaN);

export function whereOf(state: State): Where | null {
  const series = seriesOf(state);
  const step = stepOf(state);
  const reference = referenceOf(state);
  if (!series || step === null || reference === null) return null;
  return {
    of: { run: series.run, tag: series.tag },
    step,
    reference,
    previous: previousStep(series, step),
    measure: state.view.measure,
    metric: state.view.metric,
    k: state.view.k,
  };
}
