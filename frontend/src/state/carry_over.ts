/** Carries selected, isolated and saved tokens over to another series, whose rows are others. */

import type { Series } from "../api/contract.gen";
import { enterSeries, patchPassing, patchView } from "./actions";
import { seriesOf } from "./current";
import { unnoted } from "./history";
import type { Carried, State } from "./state";
import type { RowSet } from "./view";

/** Shows another series, with the tokens that were selected, isolated and saved in the one before. */
export const openSeries = (run: string, tag: string) => (state: State) => {
  const shown = seriesOf(state);
  if (shown?.run === run && shown.tag === tag) return state;
  const carried = carriedTo(state, run, tag);
  return patchPassing({ notice: null, carried })(enterSeries(run, tag)(state));
};

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
  // What the user left as it was brought is still all of it: also tokens that are not here.
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
  return Array.from({ length: series.vocab_size }, (_, row) => `#${row}`);
}
