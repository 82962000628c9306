/** Tests the lists of rows. */

import { describe, expect, it } from "vitest";
import { distinct, lastWithin, membersFirst, onlyIn, rowTest } from "./row_lists";

const few = [7, 3, 7, 0];
const many = Array.from({ length: 5000 }, (_, at) => (at * 37) % 4000);
const odd = [...many, 2 ** 30];

describe("rowTest", () => {
  it("tells rows given from others, however many there are", () => {
    for (const rows of [few, many, odd, []]) {
      const set = new Set(rows);
      const test = rowTest(rows);
      for (const row of [0, 1, 3, 3999, 4000, 2 ** 30, -1]) {
        expect(test.has(row)).toBe(set.has(row));
      }
    }
  });
});

it("keeps each row once, in order", () => {
  for (const rows of [few, many, odd, []]) expect(distinct(rows)).toEqual([...new Set(rows)]);
});

it("takes the last rows that the table has", () => {
  expect(lastWithin([5, 900, 2, 800, 1], 10, 2)).toEqual([2, 1]);
  expect(lastWithin([5, 900], 10, 8)).toEqual([5]);
  expect(lastWithin([], 10, 8)).toEqual([]);
});

it("puts the rows in a mask before all others, each part in its order", () => {
  const order = Uint32Array.of(3, 1, 0, 2);
  expect([...membersFirst(order, Uint8Array.of(0, 1, 0, 1))]).toEqual([3, 1, 0, 2]);
  // A mask may hold the colors of rows.
  expect([...membersFirst(order, Uint8Array.of(5, 0, 0, 2))]).toEqual([3, 0, 1, 2]);
  expect(membersFirst(order, null)).toBe(order);
});

it("keeps the rows of an order that are in a mask", () => {
  const order = Uint32Array.of(2, 0, 1);
  expect([...onlyIn(order, Uint8Array.of(1, 0, 1))]).toEqual([2, 0]);
  expect(onlyIn(order, null)).toBe(order);
});
