/** Decides what the page asks the server for: one request for each slot of the state. */

import {
  columnsOf,
  comparisonOf,
  inspectedRow,
  isSingle,
  layersOf,
  mapStep,
  previewedStep,
  previousStep,
  seriesOf,
  sortOf,
  usualColumn,
} from "../../state/current";
import type { ColumnSlotName, Slot, SlotName, Slots } from "../../state/slots";
import type { State } from "../../state/state";
import { lastWithin } from "../../util/row_lists";
import { allHealthRequest } from "../health/all_tables";
import { findingsBetweenRequest } from "../health/findings";
import { probeRequests } from "../health/probe_scores";
import { showsCurves, showsSimilarity, similarityAsk } from "../health/similarity";
import { hasReferenceOnMap, needsBefore, showsBothRuns, showsStep } from "../map/map_layout";
import { colorByOf, sizeByOf } from "../map/point_colors";
import { layoutAsk } from "../shared/asked_layout";
import { type RequestMaker, requestsAbout, type SlotRequest } from "../shared/request";
import { type Choices, choicesOf } from "../shared/request_choices";
import { rowInReference } from "../shared/tokens_in_reference";
import { isCounted } from "../table/changed_beyond_noise";
import { looksForChangedNeighbors } from "../table/changed_neighbors";
import { columnRequest, isSlow } from "../table/column_sources";
import { availableColumns, isLogged } from "../table/table_columns";
import { filterOf } from "../table/table_filter";
import { wholeTableRequests } from "../table/whole_table";
import { comparedRows } from "../token/compared_tokens";
import { groupRequests } from "./group_requests";
import { projectorAsk } from "./projector_request";
import { comparedNeighborsRequest, trendsRequest } from "./row_answers";

/** The request that fills a slot. null or false empties the slot, and "keep" leaves it as it is. */
type Request<S> = (S extends Slot<infer T> ? SlotRequest<T> : never) | "keep" | false | null;

export type SlotRequests = { readonly [S in SlotName]?: Request<Slots[S]> | undefined };

/** For costly answers about tokens: asks once the step and the token have not changed for a while. */
const UNHURRIED = { rest: 120 };
/** For answers that are shown together with the positions, so that the map is drawn once. */
const WITH_POSITIONS = { isShownWithPositions: true };
/** For jobs about one step: they begin after the map has shown it, and end when the user leaves it. */
const AFTER_THE_MAP = { delay: 600, endsJob: true };
/** For jobs about some tokens: they are cancelled when the user goes to others. */
const OF_TOKENS = { ...UNHURRIED, endsJob: true };

/** How many tokens answer an expression. */
const NEAREST_SHOWN = 10;
/** The largest number of trails: more would hide each other. */
const MOST_TRAILS = 8;

/** Asks for the index of the log. */
export const INDEX = { route: "index", ask: {}, key: "index" } as const;

/** What a page in a file never holds: it is not asked for there, so that nothing says it is missing. */
const FROM_SERVERS: readonly SlotName[] = [
  ...(["analogy", "motion", "allTokens", "groups", "groupTrajectories", "groupNeighbors"] as const),
  ...(["selectedGroup", "selectedPath", "allHealth", "projector"] as const),
];

/** Makes the requests for what the page needs to know. */
export function slotRequests(state: State): SlotRequests {
  const all = allRequests(state);
  if (!state.savedPage) return all;
  return { ...all, ...Object.fromEntries(FROM_SERVERS.map((name) => [name, null])) };
}

function allRequests(state: State): SlotRequests {
  const series = seriesOf(state);
  const single = isSingle(state);
  const choices = choicesOf(state);
  if (!series || !choices) return { index: INDEX };
  const { step, reference, start, curves, other, against, aligned, measure, metric, k } = choices;
  const to = requestsAbout(series, other);
  const drifts = comparisonOf(state) === "drift";
  const [first = step] = series.steps;
  const newest = series.steps.at(-1) ?? step;
  const drawn = mapStep(state) ?? step;
  const previewed = previewedStep(state);
  const previous = previousStep(series, drawn);
  const colorsBy = (id: string) => [colorByOf(state), sizeByOf(state)].includes(id);
  const drift = (to_step: number, policy = {}) =>
    to("drift", { from_step: reference, to_step, measure, ...aligned }, policy);

  const layout = layoutAsk(state);
  const positions = (at: number) => to("positions", { ...layout, step: at });
  const thereUpon = (upon_step: number) => ({ step: reference, upon_step, ...aligned });
  const shown = state.slots.positions.value;
  // A layout that takes long has the positions of all steps once it has those of one.
  const isShown = shown?.layout === layout.layout;
  const isThere = ({ value, failure }: Slot<unknown>) => value !== null || failure !== null;
  const both = showsBothRuns(state);
  // Health and findings read every table, so they are asked for after the first positions.
  const isOpen =
    isThere(state.slots.positions) && (!both || isThere(state.slots.referencePositions));
  const isAtRest = showsStep(state) && !state.passing.playing && state.view.pane !== "projector";

  const row = inspectedRow(state);
  const there = row === null ? null : rowInReference(state, row);
  // Sorted, so that the request stays the same when another of them is inspected.
  const compared = [...comparedRows(state)].sort((a, b) => a - b);
  const trailed = lastWithin(state.view.selection, series.shown_rows, MOST_TRAILS);
  const rows = (indices: readonly number[]) => ({ indices: indices.join(".") });
  const between = { from_step: reference, to_step: step };
  const frequency = series.frequency_column;
  const { cancelled } = state.passing;
  const expression = state.search.expression ?? "";
  const projector = projectorAsk(state, { step, reference_step: start });

  return {
    index: INDEX,
    tokens: series.has_tokens && to("tokens", {}),
    frequency: frequency !== null && to("column", { column: frequency }),
    positions: positions(drawn),
    firstPositions: isShown && positions(first),
    newestPositions: isShown && positions(newest),
    referencePositions:
      (isShown || both) &&
      hasReferenceOnMap(state) &&
      needsBefore(state) &&
      (other ? to("positions", { ...layout, ...thereUpon(drawn) }) : positions(reference)),
    trails:
      isShown && trailed.length > 0 && to("trails", { ...layout, ...rows(trailed) }, UNHURRIED),
    // An expression that ends in an operator is still being typed.
    analogy: /[^+-]$/.test(expression) && to("analogy", { expression, step, n: NEAREST_SHOWN }),
    drift: drifts && drift(step, WITH_POSITIONS),
    // Colors keep their meaning from step to step: they are scaled by the newest.
    newestDrift: drifts && drift(newest),
    previewDrift: drifts && previewed !== null && drift(previewed),
    rowsInReference: other !== null && to("rows_in_reference", against),
    previewNorms: previewed !== null && colorsBy("norm") && to("norms", { step: previewed }),
    newestNorms: colorByOf(state) === "norm" && to("norms", { step: newest }),
    stepDrift:
      previous !== null &&
      colorsBy("step_drift") &&
      to("drift", { from_step: previous, to_step: drawn, measure }, WITH_POSITIONS),
    quality: isAtRest && to("quality", { ...layout, step }, AFTER_THE_MAP),
    health: isOpen && to("health", {}, { readPart: (part) => part }),
    findings:
      isOpen &&
      to(
        "findings",
        { with_neighbors: looksForChangedNeighbors(state) },
        // The findings on screen stay until the job has found the first new one.
        { readPart: (part) => (part.findings.length ? part : null) },
      ),
    findingsBetween: isOpen && findingsBetweenRequest(state, choices, to),
    allHealth: allHealthRequest(state),
    otherHealth:
      isOpen &&
      other !== null &&
      showsCurves(state) &&
      requestsAbout(other)("health", {}, { readPart: (part) => part }),
    similarity:
      isOpen &&
      showsSimilarity(state) &&
      to("similarity_matrix", { ...against, ...similarityAsk(state) }, AFTER_THE_MAP),
    updates: isOpen && !single && to("updates", {}, { readPart: (part) => part }),
    trajectories:
      compared.length > 0 &&
      to("trajectories", { ...rows(compared), measure, ...curves }, OF_TOKENS),
    otherTrajectory:
      other !== null &&
      there !== null &&
      requestsAbout(other)(
        "trajectories",
        { ...rows([there]), reference_step: drifts ? reference : (other.steps[0] ?? 0), measure },
        UNHURRIED,
      ),
    motion:
      row !== null &&
      (other ? drifts && there !== null : start !== step) &&
      to("motion", { index: row, ...between, ...aligned }, OF_TOKENS),
    change:
      row !== null &&
      to("neighbor_change", { index: row, ...between, metric, k, ...against }, OF_TOKENS),
    comparedNeighbors: comparedNeighborsRequest(state, choices, to) ?? "keep",
    trends: trendsRequest(state, choices, to) ?? "keep",
    ...groupRequests(state, choices),
    cancel: cancelled !== null && { route: "cancel", ask: { id: cancelled }, key: cancelled },
    projector: projector && to("projector", projector),
    ...(isOpen && wholeTableRequests(state)),
    ...probeRequests(state),
    ...columnRequests(state, choices, to),
  };
}

/** Makes the requests for the columns that are on screen, or decide what is on it. */
function columnRequests(
  state: State,
  choices: Choices,
  to: RequestMaker,
): Pick<SlotRequests, ColumnSlotName> {
  const filter = filterOf(state);
  const available = availableColumns(state).map(({ id }) => id);
  const wanted = new Set([
    ...(comparisonOf(state) === "nothing" ? ["norm", "indicator"] : []),
    usualColumn(state),
    // How many tokens changed by more than noise is said above the table.
    ...(isCounted(state) ? ["q_value"] : []),
    ...columnsOf(state),
    sortOf(state).by,
    ...(filter?.error === null ? filter.condition.columns : []),
    ...state.passing.completed,
    ...(layersOf(state).includes("doubt") ? ["trust"] : []),
    colorByOf(state),
    sizeByOf(state),
    // The panel of a token shows whatever was logged about it.
    ...(inspectedRow(state) === null ? [] : available.filter(isLogged)),
  ]);
  const requests: { [name: ColumnSlotName]: Request<Slots[ColumnSlotName]> } = {};
  for (const id of available) {
    const name: ColumnSlotName = `column ${id}`;
    if (!wanted.has(id)) continue;
    const waits = isSlow(id) && state.passing.playing && state.slots[name];
    requests[name] = waits ? "keep" : columnRequest(id, to, choices);
  }
  return requests;
}
