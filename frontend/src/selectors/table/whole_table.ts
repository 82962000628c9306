/** Decides what the server is asked about a whole table, where the page holds only some rows. */

import type { RankOrder } from "../../api/contract.gen";
import { type Answer, type Question, queryOf } from "../../api/data_source";
import { numberingOf } from "../../api/numbering";
import { mapStep, otherSeriesOf, seriesOf, sortOf } from "../../state/current";
import type { State } from "../../state/state";
import { layoutAsk } from "../shared/asked_layout";
import { choicesOf } from "../shared/choices";
import { requestsAbout, type SlotRequest } from "../shared/request";
import { columnRequest, idOfLogged } from "./table_columns";
import { SIGNED, sortedBy } from "./table_order";

/** So many of the first rows of a ranking are those of the whole table. */
export const MOST_RANKED = 500;
const MOST_FOUND = 1000;
/** So many tokens of the part of the map in view are held. */
const MOST_WITHIN = 50_000;

/** The field of an answer that a column shows; `values` of others. */
const FIELDS: Readonly<Record<string, string>> = {
  path_length: "length",
  straightness: "straightness",
  updates: "counts",
  last_updated: "last_change",
  kept: "overlap",
  p_value: "p_values",
  q_value: "q_values",
  break_step: "positions",
};

/** Waits only where the question has just changed: a search that is pasted is asked at once. */
const AT_REST = { rest: 200, endsJob: true };
/** Always waits: while the map begins to move, nearly all of it is in view. */
const AFTER_A_REST = { delay: 200, endsJob: true };

type Window<R extends "ranked" | "search" | "within"> = SlotRequest<Answer<R>> & Question<R>;

/** Makes the requests whose answers name rows that the page then holds, of a table too large for it. */
export function wholeTableRequests(state: State) {
  if (!numberingOf(seriesOf(state))) return {};
  return {
    ranked: rankedRequest(state),
    found: searchRequest(state),
    within: withinRequest(state),
  };
}

/** Asks which rows come first in the table as it is sorted; null where the server can't say. */
function rankedRequest(state: State): Window<"ranked"> | null {
  const series = seriesOf(state);
  const choices = choicesOf(state);
  if (!series || !choices || state.passing.playing) return null;
  const { step, reference, measure, aligned } = choices;
  const id = sortedBy(state);
  const to = requestsAbout(series, otherSeriesOf(state));
  const logged = series.columns.find(({ name }) => idOfLogged(series, name) === id);
  if (logged?.kind === "text") return null;
  const request =
    id === "drift"
      ? to("drift", { from_step: reference, to_step: step, measure, ...aligned })
      : columnRequest(logged ? `column:${logged.name}` : id, to, choices);
  if (!request) return null;
  const { run: _run, tag: _tag, ...asked } = request.ask as { run: string; tag: string };
  const { descending } = sortOf(state);
  const first = descending ? "largest" : "smallest";
  const order: RankOrder = SIGNED.has(id) ? `${first}_size` : first;
  const field = logged ? "numbers" : (FIELDS[id] ?? "values");
  const route = request.route as Question<"ranked">["ask"]["route"];
  const ask = { route, question: queryOf(asked), field, order, most: MOST_RANKED };
  const about = requestsAbout(series)("ranked", ask, AT_REST);
  // What the measure depends on is in its own key.
  return { ...about, key: `${about.key} ${request.key.slice(0, request.key.lastIndexOf("@"))}` };
}

/** Asks which rows are in the part of the map that is in view; null where all of it is. */
function withinRequest(state: State): Window<"within"> | null {
  const series = seriesOf(state);
  const step = mapStep(state);
  const { seen, playing } = state.passing;
  const layout = layoutAsk(state);
  if (!series || step === null || !seen || playing || layout.layout !== "pca") return null;
  const box = seen.join("_");
  return requestsAbout(series)("within", { ...layout, step, box, most: MOST_WITHIN }, AFTER_A_REST);
}

/** Asks which rows of the whole table match the search; null where only the page can say. */
function searchRequest(state: State): Window<"search"> | null {
  const series = seriesOf(state);
  const query = state.view.query.trim();
  if (!series || !query || query.startsWith("/")) return null;
  return requestsAbout(series)("search", { query, most: MOST_FOUND }, AT_REST);
}
