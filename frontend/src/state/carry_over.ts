/** Carries selected, isolated and saved tokens, and the reference, over to another series. */

import type { Series } from "../api/contract.gen";
import { numberedLabels } from "../api/row_numbering";
import { enterSeries, patchPassing, patchView } from "./actions";
import { allSeries, findSeries, otherSeriesOf, seriesOf } from "./current";
import { unnoted } from "./history";
import type { Carried, State } from "./state";
import type { RowSet, View } from "./view";

/**
 * Shows another series, with the tokens that were selected, isolated and saved in the one before,
 * and compared with the same run. If that run is the one to show, both change places.
 */
export const openSeries = (run: string, tag: string) => (state: State) => {
  const shown = seriesOf(state);
  if (shown?.run === run && shown.tag === tag) return state;
  const carried = carriedTo(state, run, tag);
  const compared = patchView(comparisonIn(state, run, tag))(enterSeries(run, tag)(state));
  return patchPassing({ notice: null, carried })(compared);
};

/** Returns how a series is compared when it takes the place of the one on screen. */
function comparisonIn(state: State, run: string, tag: string): Partial<View> {
  const { view } = state;
  const shown = seriesOf(state);
  const other = otherSeriesOf(state);
  const seeds = view.seeds.length ? { seeds: view.seeds } : {};
  const next = findSeries(allSeries(state), run, tag);
  if (!shown || !other || !next) return seeds;
  // Rows of another vocabulary are other tokens.
  const anchors = next.columns_id === shown.columns_id ? view.anchors : null;
  const mapRuns: View["mapRuns"] = view.mapRuns === "both" ? "both" : "own";
  const how = { ...seeds, centered: view.centered, anchors, mapRuns };
  const named = (of: Series) => ({ ...how, referenceRun: of.run, referenceTag: of.tag });
  // The newest step of either is the newest one on the other side, too.
  if (other.run === run && other.tag === tag) {
    return { ...named(shown), step: view.reference, reference: view.step };
  }
  const follows = other.tag === shown.tag ? tag : other.tag;
  const kept = findSeries(allSeries(state), other.run, follows);
  if (!kept || (kept.run === run && kept.tag === tag)) return seeds;
  return { ...named(kept), reference: kept === other ? view.reference : null };
}

/** Returns the tokens to carry to another series; null if there are none, or they are not known. */
function carriedTo(state: State, run: string, tag: string): Carried | null {
  const { carried } = state.passing;
  const series = seriesOf(state);
  // The user left a series before its tokens were there.
  if (carried && !carried.given && isOf(carried, series)) return { ...carried, run, tag };
  const { selection, isolated, sets } = state.view;
  const tokens = series && tokensOf(state, series);
  if (!tokens || !(selection.length || isolated || sets.length)) return null;
  const named = (rows: readonly number[]) => rows.flatMap((row) => tokens[row] ?? []);
  // A list that the user did not change keeps its tokens that this series lacks.
  const given = carried && isOf(carried, series) ? carried.given : null;
  const isAsGiven = {
    selection: given?.selection === selection,
    isolated: given?.isolated === isolated,
  };
  return {
    run,
    tag,
    selection: carried && isAsGiven.selection ? carried.selection : named(selection),
    isolated: carried && isAsGiven.isolated ? carried.isolated : isolated && named(isolated),
    sets: sets.map(({ rows, ...set }) => ({ ...set, tokens: named(rows) })),
    given: null,
  };
}

/** Brings carried tokens into the view, once the tokens of the series are there; says how many it lacks. */
export function bringCarried(state: State): State {
  const { carried, notice } = state.passing;
  const series = seriesOf(state);
  if (!carried || carried.given || !series || !isOf(carried, series)) return state;
  const tokens = tokensOf(state, series);
  if (!tokens) return state;
  const rowOf = new Map<string, number>();
  for (let row = tokens.length - 1; row >= 0; row--) rowOf.set(tokens[row] as string, row);
  const rows = (found: readonly string[]) => found.flatMap((token) => rowOf.get(token) ?? []);
  const { view } = state;
  const isolated = rows(carried.isolated ?? []).sort((a, b) => a - b);
  const given = {
    selection: carried.selection.length ? rows(carried.selection) : null,
    isolated: isolated.length ? isolated : null,
  };
  const brought = {
    selection: given.selection ?? view.selection,
    isolated: given.isolated ?? view.isolated,
    sets: withSets(view.sets, carried, rows),
  };
  const all = new Set([
    ...carried.selection,
    ...(carried.isolated ?? []),
    ...carried.sets.flatMap(({ tokens }) => tokens),
  ]);
  const lacking = [...all].filter((token) => !rowOf.has(token)).length;
  const { run, tag } = series;
  const lacks = { tokens: lacking, of: all.size };
  const said = lacking ? { kind: "fewer" as const, run, tag, left: null, lacks } : null;
  return patchPassing({ carried: { ...carried, given }, notice: notice ?? said })(
    unnoted(patchView(brought))(state),
  );
}

/** Adds the carried sets; one of the series itself stays in place of one of the same name. */
function withSets(
  own: readonly RowSet[],
  { sets }: Carried,
  rowsOf: (tokens: readonly string[]) => number[],
): readonly RowSet[] {
  const names = new Set(own.map(({ name }) => name));
  const added = sets
    .filter(({ name }) => !names.has(name))
    .map(({ tokens, ...set }): RowSet => ({ ...set, rows: rowsOf(tokens) }))
    .filter(({ rows }) => rows.length);
  return added.length ? [...own, ...added] : own;
}

function isOf(carried: Carried, series: Series | null): boolean {
  return carried.run === series?.run && carried.tag === series.tag;
}

/** Returns the tokens of the series on screen, rows' numbers if it has none; null until they are there. */
function tokensOf({ slots }: State, series: Series): readonly string[] | null {
  if (series.has_tokens) return slots.tokens.value?.tokens ?? null;
  return numberedLabels(series);
}
