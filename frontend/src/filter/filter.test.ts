/** Tests the parsing and evaluation of filters. */

import { describe, expect, it } from "vitest";
import { FilterError } from "./filter_error";
import { rowsMeeting, type Values } from "./filter_operators";
import { type Columns, parseFilter } from "./parse_filter";

const VALUES: Record<string, Values> = {
  drift: { numbers: Float32Array.of(0.5, 0.25, Number.NaN, 0) },
  frequency: { numbers: [100, 2, 30, 4] },
  class: { texts: ["noun", "verb", "noun", "Verbal “x”"] },
  "column:part of speech": { texts: ["a", "b", "c", "d"] },
  "column:drift": { numbers: [1, 2, 3, 4] },
};

const columns: Columns = {
  names: ["drift", "frequency", "class", "part of speech"],
  find(name, logged) {
    const ids = logged ? [`column:${name}`] : [name, `column:${name}`];
    const id = ids.find((one) => Object.hasOwn(VALUES, one));
    return id === undefined ? null : { id, kind: VALUES[id]?.numbers ? "number" : "text" };
  },
};

function rows(source: string): number[] {
  const condition = parseFilter(source, columns);
  const values = condition.columns.map((id) => VALUES[id] ?? null);
  const mask = rowsMeeting(condition, values, 4);
  return [...(mask ?? [])].flatMap((meets, row) => (meets ? [row] : []));
}

function wrong(source: string): [string, number] {
  try {
    parseFilter(source, columns);
  } catch (error) {
    if (error instanceof FilterError) return [error.problem.kind, error.at];
    throw error;
  }
  throw new Error(`${source} is accepted`);
}

describe("a filter", () => {
  it.each([
    ["drift > 0.3", [0]],
    ["drift >= .25", [0, 1]],
    ["drift < 1e-1", [3]],
    ["drift = 0", [3]],
    ["drift == 0", [3]],
    ["drift > -1", [0, 1, 3]],
    ['drift > 0.3 and frequency >= 50 and class = "noun"', [0]],
    ["class = 'noun' or drift = 0 and frequency > 50", [0, 2]],
    ["(class = 'noun' or drift = 0) and frequency > 50", [0]],
    ["NOT class = 'noun' AND frequency < 3", [1]],
    ["not (class = 'noun' and frequency > 50)", [1, 2, 3]],
    ["class contains 'VERB'", [1, 3]],
    ["class starts 'no'", [0, 2]],
    ["class ends 'un'", [0, 2]],
    ["class in ('verb', \"noun\")", [0, 1, 2]],
    ["frequency in (2, 3 + 1)", [1, 3]],
    ["frequency - 2 * 15 = 0", [2]],
    ["(frequency - 2) * 2 = 0", [1]],
    ["10 - 4 - 2 = frequency", [3]],
    ["-drift < -0.3", [0]],
    ["drift / 0 > 9", [0, 1]],
    ["`part of speech` = 'c'", [2]],
    ["`drift` = 4", [3]],
    ["class = 'Verbal “x”'", [3]],
    ["class != “noun”", [1, 3]],
    ["1 < 2", [0, 1, 2, 3]],
  ])("%s", (source, expected) => {
    expect(rows(source)).toEqual(expected);
  });

  it("takes a number that is not known for neither equal nor unequal", () => {
    expect(rows("drift != 0.5")).toEqual([1, 3]);
    expect(rows("drift = drift")).toEqual([0, 1, 3]);
  });

  it("knows which columns it needs, and waits for them", () => {
    const condition = parseFilter("drift > 0 and (class = 'a' or -frequency in (1))", columns);
    expect(condition.columns).toEqual(["drift", "class", "frequency"]);
    expect(rowsMeeting(condition, [{ numbers: [1] }, null, { numbers: [1] }], 4)).toBeNull();
  });

  it.each([
    ["", "expected", 0],
    ["drift", "expected", 0],
    ["drift >", "expected", 7],
    ["drift > 0.3 frequency", "expected", 12],
    ["drift > 0.3 and", "expected", 15],
    ["(drift > 0.3", "expected", 12],
    ["drift > 0.3)", "expected", 11],
    ["class = noun", "column", 8],
    ["class = 'noun", "unclosed", 8],
    ["drift ; 3", "letter", 6],
    ["drift > '3'", "types", 6],
    ["class > 'a'", "types", 6],
    ["drift contains 3", "types", 6],
    ["class in (1)", "types", 6],
    ["class in 'a'", "expected", 9],
    ["drift and class", "types", 6],
    ["not drift", "expected", 0],
    ["-class = 'a'", "types", 0],
    ["1 < 2 < 3", "types", 6],
    ["and", "expected", 0],
    ["constructor > 1", "column", 0],
    ["drift constructor 1", "expected", 6],
    [`${"(".repeat(500)}1`, "deep", 200],
  ])("says what is wrong with %s", (source, kind, at) => {
    expect(wrong(source)).toEqual([kind, at]);
  });
});
