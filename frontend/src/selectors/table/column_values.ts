/** Finds the values of a column of the table among the loaded answers. */

import type { Values } from "../../filter/filter_operators";
import { seriesOf } from "../../state/current";
import type { ColumnValues, Slot } from "../../state/slots";
import type { State } from "../../state/state";
import { orNaN } from "../../util/fill_array";
import { memo } from "../../util/memo";
import { frequencyOf } from "../shared/frequency";
import { requestsAbout } from "../shared/request";
import { choicesOf } from "../shared/request_choices";
import { labelsOf } from "../shared/row_labels";
import { columnRequest, isSlow } from "./column_sources";
import { availableColumns, idOfLogged, type TableColumn } from "./table_columns";

/** Returns the values of a column of the table, as far as they are there. */
export function valuesOf(state: State, id: string): Values | null {
  if (id === "token") return texts(labelsOf(state));
  if (id === "drift") {
    const drift = state.slots.drift.value;
    return drift && numbers(drift.values);
  }
  if (id === "frequency") {
    const frequency = frequencyOf(state);
    return frequency && known(frequency);
  }
  return columnSlot(state, id)?.value ?? null;
}

/** Returns the slot of a column; undefined if it was not asked for, or has a slot of another name. */
export function columnSlot(state: State, id: string): Slot<ColumnValues> | undefined {
  return state.slots[`column ${id}`];
}

/** Returns the ids of the columns that a page in a file does not hold; none of a page with a server. */
export function columnsNotInFile(state: State): readonly string[] {
  const { savedPage } = state;
  const [series, choices] = [seriesOf(state), choicesOf(state)];
  if (!savedPage || !series || !choices) return [];
  const to = requestsAbout(series);
  const lacks = ({ id }: TableColumn) => {
    const request = isSlow(id) ? columnRequest(id, to, choices) : null;
    return request !== null && !savedPage.has(request.route, request.ask);
  };
  return availableColumns(state)
    .filter(lacks)
    .map(({ id }) => id);
}

/**
 * Returns the columns that take a while, with the share that is done, 0..1, and those that could not be
 * loaded, with the reason.
 */
export function columnsAtWork(state: State) {
  return availableColumns(state).flatMap(({ id }) => {
    const { job, failure } = columnSlot(state, id) ?? {};
    if (!job && !failure) return [];
    return [{ id, progress: job?.progress ?? 0, failure: failure?.message ?? null }];
  });
}

/** Returns every logged column of the series on screen, as far as its values are there. */
export function loggedColumns(state: State): readonly { name: string; values: Values }[] {
  const series = seriesOf(state);
  if (!series) return [];
  return series.columns.flatMap(({ name }) => {
    const values = valuesOf(state, idOfLogged(series, name));
    return values ? [{ name, values }] : [];
  });
}

const texts = memo((values: readonly string[]): Values => ({ texts: values }));
const numbers = memo((values: Float32Array): Values => ({ numbers: values }));
const known = memo((values: readonly (number | null)[]): Values => ({ numbers: orNaN(values) }));
