/** Holds the texts of the search. */

import { count } from "../util/number_format";

export const searchText = {
  search: "Find a token",
  searchHint: "Find a token ( / )",
  searchSyntax: "good: contains · ^un: starts with · /ing$/: regular expression",
  searching: "Searching…",
  matches: (found: number) => `${count(found)} ${found === 1 ? "match" : "matches"}`,
  noMatch: "No token matches.",
  didYouMean: "Did you mean",
  badExpression: (reason: string) => `Not a regular expression: ${reason}.`,
  slowExpression: "This expression takes too long. Try a simpler one, with fewer repetitions.",
  selectMatches: (rows: number) => (rows === 1 ? "Select it" : `Select all ${count(rows)}`),
  selectFirst: (rows: number) => `Select the first ${count(rows)}`,
  selectMatchesKey: "Ctrl+Enter",
  bestMatches: "Best matches",
} as const;
