/** Asks for the health of all tables of the log, and decides whether Health lists them. */

import type { AllHealth, Series } from "../../api/contract.gen";
import { allSeries } from "../../state/current";
import type { State } from "../../state/state";
import { memo } from "../../util/memo";
import type { SlotRequest } from "../shared/request";

export function listsTables(state: State): boolean {
  return state.view.allTables && allSeries(state).length > 1;
}

/** Returns whether the panels of Health are in view, beside the map or alone. */
export function isHealthOpen({ view, passing }: State): boolean {
  return view.healthOpen || passing.panel === "health";
}

/** Asks for the health of all tables while Health lists them; null while it does not. */
export function allHealthRequest(state: State): SlotRequest<AllHealth> | null {
  return isHealthOpen(state) && listsTables(state) ? requestFor(allSeries(state)) : null;
}

const requestFor = memo((all: readonly Series[]): SlotRequest<AllHealth> => {
  const content = all.map(({ run, tag, columns_id, checksums }) => [
    ...[run, tag, columns_id, checksums.length, checksums.at(-1)],
  ]);
  const key = `all_health?#${JSON.stringify(content)}`;
  return { route: "all_health", ask: {}, key, endsJob: true };
});
