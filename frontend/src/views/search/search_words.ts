/** Writes what the search says about its matches. */

import type { Search } from "../../api/contract.gen";
import { leftOut, MOST_LISTED } from "../../selectors/table/search_matches";
import type { Slots } from "../../state/slots";
import type { State } from "../../state/state";
import { text } from "../../strings";

interface Searched {
  readonly search: State["search"];
  readonly searching: boolean;
  readonly analogy: Slots["analogy"];
  readonly found: Search | null;
}

/** Returns how many tokens match, or why that is not known. */
export function statusOf({ search, searching, analogy }: Searched): string {
  if (search.tooSlow) return text.slowExpression;
  if (search.invalid !== null) return text.badExpression(search.invalid);
  if (search.expression) {
    const { value, failure, pending } = analogy;
    if (pending) return text.searching;
    if (failure) return failure.message;
    return value ? text.nearestTo(search.expression) : text.moreToType;
  }
  if (search.mask && (search.count || !searching))
    return search.count ? text.matches(search.count) : text.noMatch;
  return text.searching;
}

/** Says how many of the matches are not listed in the popup or in the table, and why. */
export function reasonsOf({ search: { count }, found }: Searched, state: State): string[] {
  const whole = found && ofWholeTable(found);
  if (!count) return whole ? [whole] : [];
  const { rare, floor, narrowed, narrowings } = leftOut(state);
  const by = narrowings.map((one) => text.leavesOut[one]);
  return [
    ...(whole ? [whole] : []),
    ...(count > MOST_LISTED ? [text.firstShown(MOST_LISTED)] : []),
    ...(rare > 0 ? [text.belowFloor(rare, floor)] : []),
    ...(narrowed > 0 && by.length ? [text.leftOut(narrowed, by)] : []),
  ];
}

/** Says which tokens of a table that the page can't hold are not among the matches. */
function ofWholeTable({ problem, more, rows }: Search): string | null {
  if (problem) return text.searchedSome(problem);
  return more ? text.moreMatches(rows.length) : null;
}
