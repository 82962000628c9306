/** Tests curves at the steps of other ones. */

import { describe, expect, it } from "vitest";
import { valuesAt } from "./step_geometry";

describe("values at other steps", () => {
  it.each([
    ["between two", [5], [2]],
    ["at the same", [0, 10, 20], [1, 3, null]],
    ["before and after all", [-1, 21], [null, null]],
    ["beside what is not known", [15], [null]],
  ])("%s", (_, steps, expected) => {
    expect(valuesAt(steps, [0, 10, 20], [1, 3, null])).toEqual(expected);
  });
});
