/** Makes the series that tests show. */

import type { Series } from "../src/api/contract.gen";
import { slotRequests } from "../src/selectors/requests/slot_requests";
import type { Slot, SlotName } from "../src/state/slots";
import { initialState, type State } from "../src/state/state";

/** A series of four tokens; what tells of each step follows from the steps that are given. */
export function seriesWith(change: Partial<Series> = {}): Series {
  const { steps = [0, 5, 10], vocab_size = 4 } = change;
  return {
    run: "a",
    tag: "words",
    description: "",
    vocab_size,
    shown_rows: vocab_size,
    full_vocab_size: vocab_size,
    embedding_dim: 2,
    dtype: "float32",
    steps,
    wall_times: steps,
    checksums: steps.map((step) => 1000 + step),
    replaced_steps: 0,
    basis_steps: steps,
    has_tokens: false,
    columns: [],
    image_columns: [],
    frequency_column: null,
    columns_id: "1",
    ...change,
  };
}

/** A slot that holds an answer. */
export function filled<T>(value: T): Slot<T> {
  return { value, key: "", pending: null, failure: null };
}

/** A state in which the log holds these series. */
export function stateOf(series: readonly Series[], state = initialState()): State {
  const index = filled({
    scanning: false,
    series: [...series],
    problems: [],
    incomplete: [],
    layouts: [],
  });
  return { ...state, slots: { ...state.slots, index } };
}

/** The question that a slot of this state is to be filled by; null for none. */
export function questionFor(state: State, name: SlotName): Record<string, unknown> | null {
  const request = slotRequests(state)[name];
  return typeof request === "object" && request ? { ...request.ask } : null;
}
