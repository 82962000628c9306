/** Tests the comparison of values, and what is kept because of it. */

import { expect, it } from "vitest";
import { memo } from "./memo";
import { BRIEF, same } from "./same";

it.each<[unknown, unknown, boolean]>([
  [Number.NaN, Number.NaN, true],
  [[1, { a: [2] }], [1, { a: [2] }], true],
  [{ a: 1, b: undefined }, { a: 1 }, false],
  [{ a: undefined }, { b: undefined }, false],
  [{ a: null }, null, false],
  [[1], { 0: 1 }, false],
  [Float32Array.of(1), Float32Array.of(1), false],
  [new Map(), new Map(), false],
])("compares %j with %j", (one, other, expected) => {
  expect(same(one, other)).toBe(expected);
});

it("keeps a result for arguments that hold the same, except for much", () => {
  let times = 0;
  const counted = memo((_: readonly number[]) => ++times);
  const long = Array.from({ length: BRIEF + 1 }, (_, at) => at);
  for (const list of [[1, 2], [1, 2], long, long]) counted(list);
  expect(times).toBe(2);
  counted([...long]);
  expect(times).toBe(3);
  expect(same(long, [...long])).toBe(true);
});

it("compares no more values than it may, in however many lists they are", () => {
  const runs = () => Array.from({ length: 101 }, () => ({ steps: Array(100).fill(1) }));
  expect(same(runs(), runs())).toBe(true);
  expect(same(runs(), runs(), BRIEF)).toBe(false);
  expect(same(runs().slice(1, 90), runs().slice(1, 90), BRIEF)).toBe(true);
});
