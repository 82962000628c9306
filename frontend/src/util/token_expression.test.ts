/** Tests how expressions of tokens are read. */

import { expect, it } from "vitest";
import { completed, polesOf } from "./token_expression";

it.each([
  ["good - bad", "good", "bad"],
  ["good", "good", ""],
  ["good, great - (bad, awful)", "good, great", "bad, awful"],
  ["king - man + woman", "king + woman", "man"],
  [`"new york" - 'it''s'`, "new york", "it's"],
  ["-bad", "", "bad"],
  ["", "", ""],
])("finds what lies at the ends of %s", (expression, positive, negative) => {
  expect(polesOf(expression)).toEqual({ positive, negative });
});

const tokens = ["good", "Goods", "bad", "new york", "goose", "goo-goo"];

it.each([
  ["go", 3, ["good", "Goods", "goose"]],
  ["good - (ba", 3, ["good - (bad"]],
  ["bad -NE", 3, ['bad -"new york"']],
  ["goo", 9, ["good", "Goods", "goose", '"goo-goo"']],
  ["good - ", 3, []],
  ["'go", 3, []],
])("completes the last token of %s", (expression, most, found) => {
  expect(completed(expression, tokens, most)).toEqual(found);
});
