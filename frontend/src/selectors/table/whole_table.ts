/** Decides what the server is asked about a whole table, where the page holds only some rows. */

import type { RankedRoute, RankOrder, Series } from "../../api/contract.gen";
import { type Answer, type Question, queryOf } from "../../api/data_source";
import { inRows } from "../../api/held_source";
import { numberingOf } from "../../api/row_numbering";
import type { Written } from "../../filter/filter_operators";
import { mapStep, otherSeriesOf, seriesOf, sortOf } from "../../state/current";
import { isAnswered } from "../../state/slots";
import type { State } from "../../state/state";
import { layoutAsk } from "../shared/asked_layout";
import { requestsAbout, type SlotRequest } from "../shared/request";
import { type Choices, choicesOf } from "../shared/request_choices";
import { columnRequest, fieldOf } from "./column_sources";
import { idOfLogged } from "./table_columns";
import { filterOf, tableFloor } from "./table_filter";
import { SIGNED, sortedBy } from "./table_order";

const MOST_FOUND = 1000;
/** The most tokens of the part of the map in view that are held. */
const MOST_WITHIN = 50_000;

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

/** What the server is asked so that it knows a column of numbers, or of texts, of all rows. */
interface Asked {
  readonly parts: readonly string[];
  /** What its values depend on. */
  readonly key: string;
}

/** Returns how the server is asked for a column; null where it can't look through its values. */
function askedFor(id: string, state: State, series: Series, choices: Choices): Asked | null {
  if (id === "token") return { parts: ["tokens"], key: "" };
  if (id === "trust") return null;
  const { step, reference, measure, aligned } = choices;
  const to = requestsAbout(series, otherSeriesOf(state));
  const logged = series.columns.find(({ name }) => idOfLogged(series, name) === id);
  const request =
    id === "drift"
      ? to("drift", { from_step: reference, to_step: step, measure, ...aligned })
      : columnRequest(logged ? `column:${logged.name}` : id, to, choices);
  if (!request) return null;
  const { run: _run, tag: _tag, ...ask } = request.ask as { run: string; tag: string };
  const ofLogged = logged?.kind === "text" ? "texts" : "numbers";
  const field = logged ? ofLogged : fieldOf(id);
  const key = request.key.slice(0, request.key.lastIndexOf("@"));
  return { parts: [request.route, queryOf(inRows(ask, numberingOf(series))), field], key };
}

/** Asks which rows come first in the table as it is sorted and filtered; null where the server can't say. */
function rankedRequest(state: State): Window<"ranked"> | null {
  const series = seriesOf(state);
  const choices = choicesOf(state);
  if (!series || !choices || state.passing.playing) return null;
  const id = sortedBy(state);
  const asked = askedFor(id, state, series, choices);
  const [route, question, field] = asked?.parts ?? [];
  if (!asked || !route || question === undefined || !field || field === "texts") return null;
  const { descending } = sortOf(state);
  const first = descending ? "largest" : "smallest";
  const order: RankOrder = SIGNED.has(id) ? `${first}_size` : first;
  const { condition, keys } = conditionOf(state, series, choices) ?? { condition: "", keys: [] };
  const ranking = { route: route as RankedRoute, question, field, order };
  const ask = { ...ranking, most: state.passing.ranks, condition };
  const about = requestsAbout(series)("ranked", ask, AT_REST);
  return { ...about, key: [about.key, asked.key, ...keys].join(" ") };
}

/**
 * Returns what rows must meet to be listed: the filter, and the minimum frequency; null where the
 * server can't tell which ones do.
 */
function conditionOf(state: State, series: Series, choices: Choices) {
  const filter = filterOf(state);
  const understood = filter?.error === null ? filter.condition : null;
  const columns = [...(understood?.columns ?? [])];
  const meets: Written[] = understood ? [understood.expression.written] : [];
  const floor = tableFloor(state);
  if (floor > 0) {
    meets.push([">=", ["column", columns.length], ["number", floor]]);
    columns.push("frequency");
  }
  if (!meets.length) return { condition: "", keys: [] };
  const asked = columns.map((id) => askedFor(id, state, series, choices));
  const known = asked.filter((one) => one !== null);
  const parts = known.map((one) => one.parts);
  const isText = (place: number) => ["texts", "tokens"].includes(parts[place]?.at(-1) ?? "");
  if (known.length < asked.length || !meets.every((one) => canBeAsked(one, isText))) return null;
  const whole = meets.reduce((one, other) => ["and", one, other]);
  return {
    condition: JSON.stringify({ columns: parts, meets: whole }),
    keys: known.map(({ key }) => key),
  };
}

/** Returns whether the server knows a condition: it compares columns of texts with texts alone. */
function canBeAsked([kind, ...all]: Written, isText: (place: number) => boolean): boolean {
  // JSON cannot write NaN or infinity.
  if (kind === "number") return Number.isFinite(all[0]);
  const parts = all.filter((part): part is Written => Array.isArray(part));
  const isColumn = ([kind, place]: Written) => kind === "column" && isText(Number(place));
  const areTexts = parts.some((part) => part[0] === "text" || isColumn(part));
  if (!areTexts) return parts.every((part) => canBeAsked(part, isText));
  const [left, ...others] = parts;
  return left?.[0] === "column" && others.every(([one]) => one === "text");
}

/**
 * Returns how many rows of the whole table meet the filter, or that only the rows that the page holds
 * are ranked, or filtered; null where it holds all of them.
 */
export function wholeTableOf(state: State): number | "unranked" | "unfiltered" | null {
  const series = seriesOf(state);
  const choices = choicesOf(state);
  if (!series || !choices || !numberingOf(series) || state.passing.playing) return null;
  if (!rankedRequest(state)) return "unranked";
  if (!conditionOf(state, series, choices)) return "unfiltered";
  const { ranked } = state.slots;
  if (!ranked.value || !isAnswered(ranked) || filterOf(state)?.error !== null) return null;
  return ranked.value.count;
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

function searchRequest(state: State): Window<"search"> | null {
  const series = seriesOf(state);
  const query = state.view.query.trim();
  if (!series || !query) return null;
  return requestsAbout(series)("search", { query, most: MOST_FOUND }, AT_REST);
}
