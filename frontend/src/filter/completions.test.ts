/** Tests what a filter is completed with, and the conditions that clicks write. */

import { expect, it } from "vitest";
import { completionsOf } from "./completions";
import { inRange, nameIn, textIn, withCondition } from "./conditions";
import type { Columns } from "./parse_filter";

const KINDS = { drift: "number", token: "text", genre: "text", "my year": "number" } as const;
const columns: Columns = {
  names: Object.keys(KINDS),
  find: (name) => {
    const id = (Object.keys(KINDS) as (keyof typeof KINDS)[]).find((one) => one === name);
    return id ? { id, kind: KINDS[id] } : null;
  },
};
const genres = ["Horror", "Film-Noir", 'So "so"', "Thriller"];

it.each<[string, string[]]>([
  ["", ["drift", "token", "genre", "`my year`", "not"]],
  ["dr", ["drift"]],
  ["drift", []],
  ["y", ["`my year`"]],
  ["drift ", [">", "<", ">=", "<=", "=", "!="]],
  ["drift > ", []],
  ["drift > 0.3", []],
  ["drift > 0.3 ", ["and", "or"]],
  ["drift > 0.3 a", ["and"]],
  ["drift > 0.3 and g", ["genre"]],
  ["genre ", ["=", "!=", "contains", "starts", "ends", "in ("]],
  ["genre c", ["contains"]],
  ["genre = ", ['"Horror"', '"Film-Noir"', '"So \\"so\\""', '"Thriller"']],
  ['genre = "h', ['"Horror"', '"Thriller"']],
  ["genre = thr", ['"Thriller"']],
  ['genre in ("Horror", ', ['"Horror"', '"Film-Noir"', '"So \\"so\\""', '"Thriller"']],
  ['genre in ("Horror")', []],
  ["not (gen", ["genre"]],
  ["nowhere ", []],
])("completes %j", (text, items) => {
  const found = completionsOf(text, columns, () => genres);
  expect(found.items).toEqual(items);
});

it("puts a completion in place of the word that it completes", () => {
  expect(completionsOf('genre = "Hor', columns, () => genres).from).toBe(8);
  expect(completionsOf("drift > 1 and ge", columns, () => genres).from).toBe(14);
});

it("writes names and texts as they are read", () => {
  expect(["drift", "my year", "and", "a`b"].map(nameIn)).toEqual([
    "drift",
    "`my year`",
    "`and`",
    "`a\\`b`",
  ]);
  expect(textIn('a "b" \\')).toBe('"a \\"b\\" \\\\"');
});

it.each<[string, string, string | null, string]>([
  ["", "genre", 'genre = "a"', 'genre = "a"'],
  ["drift > 1", "genre", 'genre = "a"', 'drift > 1 and genre = "a"'],
  ['genre = "b" and drift > 1', "genre", 'genre = "a"', 'drift > 1 and genre = "a"'],
  ["drift > 1 and drift < 2", "drift", "drift > 3", "drift > 3"],
  ["drift > 1 or x = 2", "genre", 'genre = "a"', '(drift > 1 or x = 2) and genre = "a"'],
  ["(drift > 1 or drift < -1)", "drift", "drift > 3", "drift > 3"],
  ["drift > 1 or drift < -1", "drift", "drift > 3", "drift > 3"],
  ["drift > x", "drift", "drift > 3", "drift > x and drift > 3"],
  ["drift > 1 and x = 2", "drift", null, "x = 2"],
  ['genre = "', "genre", 'genre = "a"', 'genre = "a"'],
])("puts into %j, for %s, %j", (source, column, condition, expected) => {
  expect(withCondition(source, column, condition)).toBe(expected);
});

it("writes ranges", () => {
  const no = Number.POSITIVE_INFINITY;
  expect(inRange("drift", 0.12345, 0.5, false)).toBe("drift >= 0.123 and drift < 0.5");
  expect(inRange("drift", 0, 0.5, false)).toBe("drift < 0.5");
  expect(inRange("drift", 0.5, no, true)).toBe("(drift >= 0.5 or drift <= -0.5)");
  expect(inRange("drift", 0, no, false)).toBeNull();
});
