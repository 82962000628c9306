import { valuesOf } from "../state/column_values";
import { derivedReference, labelsOf, seriesOf, stepOf } from "../state/derived";
import { rankingOf } from "../state/ranked";
import type { State } from "../state/state";
import { shownColumns } from "../state/table_columns";
import { type CsvColumn, csvPieces } from "./csv";

/** A file to be made, and what to call it. */
export interface TableFile {
  readonly name: string;
  readonly pieces: Iterable<string>;
}

/** The table as it is: its columns, filter and order; null while there is none. */
export function tableCsv(state: State): TableFile | null {
  const ranking = rankingOf(state);
  if (!ranking) return null;
  const { order, places } = ranking;
  const columns = shownColumns(state).flatMap(({ id, name, kind }): CsvColumn[] => {
    const values = kind === "trend" ? null : valuesOf(state, id);
    // The table's own heading says which measure drift is by; a file must say it itself.
    const head = id === "drift" ? (state.slots.drift.value?.measure ?? name) : name;
    return values ? [{ head, values }] : [];
  });
  const rows = Uint32Array.from(places, (place) => order[place] ?? 0);
  const rank = new Float64Array(labelsOf(state).length);
  for (const place of places) rank[order[place] ?? 0] = place + 1;
  return {
    name: fileName(state, "tokens", "csv"),
    pieces: csvPieces(rows, [
      { head: "rank", values: { numbers: rank } },
      { head: "row", values: "row" },
      { head: "token", values: { texts: labelsOf(state) } },
      ...columns,
    ]),
  };
}

/** The neighbors of the inspected token at both steps; null while they are not there. */
export function neighborsCsv(state: State): TableFile | null {
  const change = state.slots.change.value;
  if (!change) return null;
  const { before, after, gained, lost, from_step, to_step, token } = change;
  const listed = [
    ...before.map((one, at) => ({ ...one, step: from_step, rank: at + 1 })),
    ...(from_step === to_step
      ? []
      : after.map((one, at) => ({ ...one, step: to_step, rank: at + 1 }))),
  ];
  const fate = (index: number) =>
    gained.includes(index) ? "gained" : lost.includes(index) ? "lost" : "kept";
  const rows = listed.map((_, at) => at);
  const numbers = (of: (one: (typeof listed)[number]) => number) => ({ numbers: listed.map(of) });
  return {
    name: fileName(state, `neighbors-${token}`, "csv"),
    pieces: csvPieces(rows, [
      { head: "step", values: numbers(({ step }) => step) },
      { head: "rank", values: numbers(({ rank }) => rank) },
      { head: "row", values: numbers(({ index }) => index) },
      { head: "token", values: { texts: listed.map((one) => one.token) } },
      { head: "distance", values: numbers(({ distance }) => distance) },
      { head: "change", values: { texts: listed.map(({ index }) => fate(index)) } },
    ]),
  };
}

function fileName(state: State, what: string, suffix: string): string {
  const { run = "", tag = "" } = seriesOf(state) ?? {};
  const steps = `step-${derivedReference(state)}-to-${stepOf(state)}`;
  return `${[run, tag, what, steps].filter(Boolean).join("-")}.${suffix}`;
}
