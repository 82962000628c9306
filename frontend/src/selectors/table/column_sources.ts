/** Says what the server is asked for the values of each column of the table. */

import type { Measure, Undertrained } from "../../api/contract.gen";
import type { Answer, AskOfSeries, RouteName } from "../../api/data_source";
import type { ColumnValues } from "../../state/slots";
import { MEASURES } from "../../state/view";
import { orNaN } from "../../util/fill_array";
import { noiseAsk, seedsContent } from "../shared/noise_request";
import type { RequestMaker, SlotRequest } from "../shared/request";
import type { Choices } from "../shared/request_choices";

/** How the values of a column are asked for. */
interface ColumnSource {
  /** The field of the answer that holds them. */
  readonly field: string;
  /** Whether they take long, and come with progress. */
  readonly isSlow: boolean;
  /** Makes the request; null where there can't be any values. */
  request(to: RequestMaker, choices: Choices): SlotRequest<ColumnValues> | null;
}

/** When a column is asked for. */
type Timing = (choices: Choices) => Pick<SlotRequest, "also" | "delay" | "endsJob" | "rest">;

const AT_ONCE: Timing = () => ({});
/** For columns that take long: asks once the step has not changed for a while. */
const SLOWLY: Timing = () => ({ delay: 400, endsJob: true });
const WITH_SEEDS: Timing = (choices) => ({ ...SLOWLY(choices), also: seedsContent(choices) });

function source<R extends RouteName>(
  route: R,
  ask: (choices: Choices) => AskOfSeries<R> | null,
  field: keyof Answer<R> & string,
  timing: Timing = SLOWLY,
): ColumnSource {
  return {
    field,
    isSlow: timing !== AT_ONCE,
    request: (to, choices) => {
      const asked = ask(choices);
      const read = (answer: Answer<R>) => ({ numbers: valuesIn(answer, field) });
      return asked && to(route, asked, { ...timing(choices), read });
    },
  };
}

/** Fields with places among the steps of the answer. */
const AMONG_STEPS: ReadonlySet<string> = new Set(["last_change", "positions"]);

/** Returns the values in a field; of places among the steps the steps, and NaN for none. */
function valuesIn(answer: object, field: string): ArrayLike<number> {
  const { [field]: values = [], steps = [] } = answer as Record<string, ArrayLike<number>>;
  if (!AMONG_STEPS.has(field)) return values;
  return Float64Array.from(values, (place) => steps[place] ?? Number.NaN);
}

const between = ({ reference, step }: Choices) => ({ from_step: reference, to_step: step });
const neighbors = (choices: Choices) => ({ ...between(choices), k: choices.k, ...choices.against });
const driftBy = (measure: Measure) =>
  source(
    "drift",
    (choices) => ({ ...between(choices), measure, ...choices.aligned }),
    "values",
    AT_ONCE,
  );

/** The values come with what the indicator of under-trained tokens is measured by. */
const INDICATOR: ColumnSource = {
  field: "values",
  isSlow: true,
  request: (to, { step }) => {
    const read = ({ values: numbers, indicator, known_unused }: Undertrained) => ({
      ...{ numbers, indicator: { indicator, known_unused } },
    });
    return to("undertrained", { step }, { rest: 400, endsJob: true, read });
  },
};

/** The columns that can be measured, by their ids, in the order of the chooser. */
const SOURCES: Readonly<Record<string, ColumnSource>> = {
  ...Object.fromEntries(MEASURES.map((measure) => [measure, driftBy(measure)])),
  step_drift: source(
    "drift",
    ({ previous, step, measure }) =>
      previous === null ? null : { from_step: previous, to_step: step, measure },
    "values",
    AT_ONCE,
  ),
  norm: source("norms", ({ step }) => ({ step }), "values", AT_ONCE),
  indicator: INDICATOR,
  trust: source("token_trust", ({ layout, step }) => ({ ...layout, step }), "values"),
  path_length: source("path", () => ({}), "length"),
  straightness: source("path", () => ({}), "straightness"),
  updates: source("updates", () => ({}), "counts"),
  last_updated: source("updates", () => ({}), "last_change"),
  kept: source("turnover", (all) => ({ ...neighbors(all), metric: all.metric }), "overlap"),
  second_order: source("second_order_drift", neighbors, "values"),
  p_value: source("noise", noiseAsk, "p_values", WITH_SEEDS),
  q_value: source("noise", noiseAsk, "q_values", WITH_SEEDS),
  break_step: source("breaks", ({ measure }) => ({ measure }), "positions"),
};

export const MEASURABLE: readonly string[] = Object.keys(SOURCES);

/** What the id of a logged column begins with; its name follows. */
export const LOGGED = "column:";

/** Returns the request for a column's values; null if they come with another answer. */
export function columnRequest(
  id: string,
  to: RequestMaker,
  choices: Choices,
): SlotRequest<ColumnValues> | null {
  if (!id.startsWith(LOGGED)) return SOURCES[id]?.request(to, choices) ?? null;
  return to(
    "column",
    { column: id.slice(LOGGED.length) },
    { read: ({ numbers, texts }) => (texts ? { texts } : { numbers: orNaN(numbers ?? []) }) },
  );
}

export const isSlow = (id: string) => SOURCES[id]?.isSlow ?? false;

/** Returns the field of an answer that holds the values of a measured column. */
export const fieldOf = (id: string) => SOURCES[id]?.field ?? "values";
