/** Makes the requests that fill the slots of the state. */

import type { Series } from "../../api/contract.gen";
import {
  type Answer,
  type Ask,
  type AskOfSeries,
  type Question,
  queryOf,
  type RouteName,
  rowFields,
} from "../../api/data_source";

/** A question for the server, when it is asked, and what becomes of its answer. */
export interface SlotRequest<T = unknown> extends Question, Policy<never, T> {}

interface Policy<A, T> {
  /** Makes the value of the slot; the answer itself where this is left out. */
  read?(answer: A): T;
  /** Makes the value that is shown while a job is at work on the answer; null keeps the one before. */
  readPart?(answer: A): T | null;
  /** Tells what else the answer follows from, beside the question and its series. */
  readonly also?: string;
  /** The question is asked after it has not changed for so many milliseconds. */
  readonly delay?: number;
  /** As `delay`, but only if the slot had another question within this time. */
  readonly rest?: number;
  /** Whether the answer waits for positions that are on their way, to be shown with them. */
  readonly isShownWithPositions?: boolean;
  /** Whether the job for the answer is cancelled once the answer is no longer wanted. */
  readonly endsJob?: boolean;
}

/** Makes a request about one series, which the question need not name. */
export type RequestMaker = <R extends RouteName, T = Answer<R>>(
  route: R,
  ask: AskOfSeries<R>,
  policy?: Policy<Answer<R>, T>,
) => SlotRequest<T> & Question<R>;

/** Makes requests about a series, and about another one where they name a reference. */
export function requestsAbout(series: Series, other: Series | null = null): RequestMaker {
  return (route, ask, policy) => {
    const whole = { run: series.run, tag: series.tag, ...ask };
    const named = "reference_run" in ask ? other : null;
    const held = rowFields(route).length ? `@${series.shown_rows}` : "";
    const content = [contentOf(series, named, route, ask), ...(policy?.also ? [policy.also] : [])];
    const key = `${route}?${queryOf(whole)}#${content.join(" ")}${held}`;
    return { route, ask: whole, key, ...policy } as never;
  };
}

/** Routes whose answers are about all steps, whichever of them the question names. */
const ABOUT_ALL_STEPS: ReadonlySet<RouteName> = new Set<RouteName>([
  "health",
  "findings",
  "path",
  "probe",
  "updates",
  "undertrained",
  "breaks",
  "trails",
  "trajectories",
  "similarity_matrix",
  "group_trajectories",
]);

/** The parameters that say which part of the log a question is about. */
type Named = Partial<Ask<"positions"> & Ask<"drift"> & Ask<"trajectories">>;

/**
 * Tells the content of the log that an answer is about: the answer stays true while this stays the
 * same. A new step changes it only for answers about all steps, and where the basis of the
 * positions changes.
 */
function contentOf(series: Series, other: Series | null, route: RouteName, ask: Named): string {
  const { columns_id, vocab_size, basis_steps } = series;
  const content = (step: number | undefined) => contentAt(series, step);
  const { step, upon_step, from_step, to_step, reference_step, layout } = ask;
  const named = [
    ...[step, from_step, reference_step].map((one) => contentAt(other ?? series, one)),
    ...[to_step, upon_step].map(content),
  ];
  const isOfAll = ABOUT_ALL_STEPS.has(route) || layout === "tsne";
  const all = isOfAll ? [series, ...(other ? [other] : [])].map(newestContent).join() : "";
  // An axis without an expression is a component of the pooled steps, too.
  const isPooled = layout === "pca" || (layout === "axes" && !(ask.x && ask.y));
  const basis = isPooled ? `${basis_steps.length}:${content(basis_steps.at(-1))}` : "";
  const others = other ? [other.columns_id, other.vocab_size] : [];
  return [columns_id, vocab_size, ...named, all, basis, ...others].join(" ");
}

/**
 * Tells the content of a step. A training that is restarted replaces all steps from some step on. So
 * the place and the checksum of a step tell of those before it, too.
 */
function contentAt({ steps, checksums }: Series, step: number | undefined): string {
  const at = step === undefined ? -1 : steps.indexOf(step);
  return at < 0 ? "" : `${at}:${checksums[at]}`;
}

export const newestContent = (series: Series) => contentAt(series, series.steps.at(-1));
