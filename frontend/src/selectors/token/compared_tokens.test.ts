/** Tests the colors of compared tokens. */

import { expect, it } from "vitest";
import { marksOf } from "./compared_tokens";

it("gives each row a mark of its own, for as long as it is selected", () => {
  expect([...marksOf([7])]).toEqual([[7, 0]]);
  expect(marksOf([7, 9]).get(9)).toBe(1);
  // Another is inspected: the marks stay.
  expect(marksOf([9, 7]).get(7)).toBe(0);
  expect(marksOf([9]).get(9)).toBe(1);
  expect(marksOf([9, 3]).get(3)).toBe(0);
  expect(marksOf([4]).get(4)).toBe(0);
});
