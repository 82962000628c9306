/** Holds the texts of the search. */

import { count, counted } from "../util/number_format";

export const searchText = {
  search: "Find a token",
  searchHint: "Find a token ( / )",
  searchSyntax:
    "good film: has both · ^un: starts with · /ing$/: regular expression · king - man + woman: nearest to the sum",
  searching: "Searching…",
  matches: (found: number) => counted(found, "match", "matches"),
  firstShown: (shown: number) => `${shown} listed here`,
  belowFloor: (rows: number, floor: number) => `${count(rows)} rarer than ${count(floor)}`,
  leftOut: (rows: number, by: readonly string[]) =>
    `${count(rows)} left out by ${by.join(" and ")}`,
  leavesOut: { filter: "the filter", isolated: "isolation", selected: "“Only selected”" },
  rarer: (floor: number) => `rarer than ${count(floor)}`,
  filteredOut: "left out",
  moreMatches: (held: number) => `There are more matches: the page has the first ${count(held)}`,
  searchedSome: (why: string) => `Not all tokens were searched: ${why}.`,
  noMatch: "No token matches.",
  nearestTo: (expression: string) => `Nearest to ${expression}`,
  moreToType: "Type another token.",
  didYouMean: "Did you mean",
  badExpression: (reason: string) => `Not a regular expression: ${reason}.`,
  slowExpression: "This expression takes too long. Try a simpler one, with fewer repetitions.",
  selectMatches: (rows: number) => (rows === 1 ? "Select it" : `Select all ${count(rows)}`),
  selectMatchesKey: "Ctrl+Enter",
  bestMatches: "Best matches",
} as const;
