/** Changes the view when its series is not in the log, was deleted or written anew, or is back. */

import type { Series } from "../api/contract.gen";
import { enterSeries, patchPassing, patchView } from "./actions";
import { bringCarried } from "./carry_over";
import { findSeries, seriesOf } from "./current";
import { unnoted } from "./history";
import { EMPTY_SLOTS } from "./slots";
import { NO_HISTORY, type SeriesOnScreen, type State } from "./state";
import { WITHOUT_ROWS } from "./view";

/**
 * Brings the view in line with the index. Answers and rows of one series mean nothing in another,
 * also where both have the same name, so none of them stays.
 */
export function followSeries(state: State): State {
  return bringCarried(follow(state));
}

function follow(state: State): State {
  const index = state.slots.index.value;
  if (!index) return state;
  // While the log is read for the first time, a series may still come.
  const followed = index.scanning
    ? state
    : unnoted((before) => leaveMissing(comeBack(before, index.series), index.series))(state);
  const series = seriesOf(followed);
  const onScreen = series && identityOf(series);
  if (JSON.stringify(onScreen) === JSON.stringify(state.onScreen)) return followed;
  const next = { ...followed, onScreen, slots: { ...EMPTY_SLOTS, index: followed.slots.index } };
  const before = followed.onScreen;
  const hasSameName = onScreen?.run === before?.run && onScreen?.tag === before?.tag;
  return hasSameName && onScreen && before ? startAnew(next, before, onScreen) : next;
}

function identityOf({ run, tag, vocab_size, columns_id, checksums }: Series): SeriesOnScreen {
  return { run, tag, rows: vocab_size, vocabulary: columns_id, first: checksums[0] ?? null };
}

/** Shows a series again as it was left, once the log holds it again. */
function comeBack(state: State, all: readonly Series[]): State {
  const { notice } = state.passing;
  if (!notice?.left || !findSeries(all, notice.run, notice.tag)) return state;
  return patchPassing({ notice: null })({ ...state, ...notice.left });
}

/** Shows another series, if there is one, in place of one that is not in the log; says so. */
function leaveMissing(state: State, all: readonly Series[]): State {
  const { view, onScreen, passing } = state;
  const run = view.run ?? onScreen?.run;
  const tag = view.run === null ? (onScreen?.tag ?? null) : view.tag;
  if (run === undefined || findSeries(all, run, tag)) return state;
  const shown = seriesOf(state);
  const entered = shown ? enterSeries(shown.run, shown.tag)(state) : patchView({ run, tag })(state);
  const wasShown = onScreen?.run === run && (tag === null || onScreen.tag === tag);
  const { notice } = passing;
  const isKnown = notice?.left && notice.run === run && notice.tag === tag;
  if (isKnown) return shown ? entered : state;
  const kind = wasShown ? "deleted" : "missing";
  return patchPassing({ notice: { kind, run, tag, left: { view, onScreen } } })(entered);
}

/** Drops the parts of the view that have no meaning after the series was written anew. */
function startAnew(state: State, before: SeriesOnScreen, now: SeriesOnScreen): State {
  // The series is the same: steps or columns were added.
  if (before.first === now.first) return state;
  const rows = before.vocabulary === now.vocabulary ? {} : WITHOUT_ROWS;
  // Of a series from an earlier visit, only the vocabulary is known.
  if (before.first === null) return unnoted(patchView(rows))(state);
  const notice = { kind: "anew" as const, run: now.run, tag: now.tag, left: null };
  const anew = patchPassing({ notice })(patchView({ ...rows, eye: null })(state));
  return { ...anew, history: { ...NO_HISTORY, present: anew.view } };
}
