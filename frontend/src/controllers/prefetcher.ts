/** Asks ahead for the steps that the user may go to next. */

import type { Asks, ProjectorSource, Question } from "../api/data_source";
import { projectorAsk } from "../selectors/requests/projector_request";
import { layoutAsk } from "../selectors/shared/asked_layout";
import { paceOf } from "../selectors/shared/playing_pace";
import { requestsAbout } from "../selectors/shared/request";
import { choicesOf } from "../selectors/shared/request_choices";
import { comparisonOf, seriesOf } from "../state/current";
import type { State } from "../state/state";
import type { Store } from "../state/store";

const STEPS_AHEAD = 3;
/** The step must not change for so long before others are asked for. */
const REST_MS = 150;
/** The Projector takes this long at least to show a table. */
const PROJECTOR_REST_MS = 600;
/** Larger tables are not fetched ahead. */
const MOST_PROJECTOR_BYTES = 16e6;

export class Prefetcher {
  private readonly plans = new Map<string, { key: string; timer: ReturnType<typeof setTimeout> }>();

  constructor(
    store: Store,
    private readonly source: Asks,
    private readonly projector: ProjectorSource | undefined,
  ) {
    store.subscribe((state) => this.plan(state));
  }

  private plan(state: State): void {
    const { playing } = state.passing;
    this.atRest("steps", playing ? 0 : REST_MS, nextSteps(state), (question) =>
      this.source.get(question),
    );
    this.atRest("tables", PROJECTOR_REST_MS, nextTables(state), async (question) => {
      const { key, problem } = await this.source.get(question);
      if (!problem) this.projector?.prefetch(key);
    });
  }

  /** Asks once the questions have not changed for some time. The real request reports a failure. */
  private atRest<Q extends Question>(
    name: string,
    ms: number,
    questions: readonly Q[],
    ask: (question: Q) => Promise<unknown>,
  ): void {
    const key = questions.map((question) => question.key).join("\n");
    const plan = this.plans.get(name);
    if (plan?.key === key) return;
    clearTimeout(plan?.timer);
    const askAll = () => {
      for (const question of questions) ask(question).catch(() => undefined);
    };
    this.plans.set(name, { key, timer: setTimeout(askAll, ms) });
  }
}

/** Returns the questions about the next steps and, if the page does not play, the step before. */
function nextSteps(state: State): readonly Question[] {
  const series = seriesOf(state);
  const choices = choicesOf(state);
  const { positions, drift } = state.slots;
  const { playing } = state.passing;
  // The answers that the user waits for come first.
  const isAwaited = positions.pending !== null || drift.pending !== null;
  if (!series || !choices || (isAwaited && !playing)) return [];
  const { step, reference, other, aligned, measure } = choices;
  const to = requestsAbout(series, other);
  const drifts = comparisonOf(state) === "drift";
  const at = series.steps.indexOf(step);
  const before = playing ? [] : series.steps.slice(Math.max(at - 1, 0), at);
  const { stride } = paceOf(state);
  const ahead = playing ? stride : 1;
  const after = Array.from({ length: STEPS_AHEAD }, (_, frame) => at + (frame + 1) * ahead);
  const steps = [...after.flatMap((place) => series.steps[place] ?? []), ...before];
  return steps.flatMap((next) => [
    ...(state.view.pane === "projector"
      ? []
      : [to("positions", { ...layoutAsk(state), step: next })]),
    ...(drifts ? [to("drift", { from_step: reference, to_step: next, measure, ...aligned })] : []),
  ]);
}

/** Returns the questions for the Projector about the steps next to the one that it shows. */
function nextTables(state: State): readonly Question<"projector">[] {
  const series = seriesOf(state);
  const choices = choicesOf(state);
  if (!series || !choices || state.slots.projector.pending !== null) return [];
  const { steps, vocab_size, embedding_dim } = series;
  if (4 * vocab_size * embedding_dim > MOST_PROJECTOR_BYTES) return [];
  const at = steps.indexOf(choices.step);
  return [steps[at - 1], steps[at + 1]].flatMap((step) => {
    if (step === undefined) return [];
    const ask = projectorAsk(state, { step, reference_step: choices.start });
    return ask ? [requestsAbout(series)("projector", ask)] : [];
  });
}
