/** Tests the lasso. */

import { expect, it } from "vitest";
import { lasso } from "./lasso";

const path = (...numbers: number[]) =>
  Array.from({ length: numbers.length / 2 }, (_, at) => ({
    x: numbers[2 * at] ?? 0,
    y: numbers[2 * at + 1] ?? 0,
  }));

it("holds what it goes around, and nothing else", () => {
  const bay = lasso(path(0, 0, 10, 0, 10, 10, 5, 2.5, 0, 10));
  expect(bay(1, 1)).toBe(true);
  expect(bay(9, 7)).toBe(true);
  expect(bay(5, 2.4)).toBe(true);
  expect(bay(5, 2.6)).toBe(false);
  expect(bay(-1, 5)).toBe(false);
  expect(bay(5, 11)).toBe(false);
  expect(bay(Number.NaN, 5)).toBe(false);
});

it("has no hole where it goes around twice, and none but what both ways round leave", () => {
  const square = path(0, 0, 10, 0, 10, 10, 0, 10);
  const twice = lasso([...square, ...path(0, 0, 8, 0, 8, 8, 0, 8)]);
  expect(twice(4, 4)).toBe(true);
  const bow = lasso(path(0, 0, 10, 10, 10, 0, 0, 10));
  expect([bow(2, 5), bow(8, 5), bow(5, 2)]).toEqual([true, true, false]);
});

it("is a click without three corners", () => {
  expect(lasso(path(1, 1, 5, 5))(3, 3)).toBe(false);
  expect(lasso([])(0, 0)).toBe(false);
});

it("agrees with a count of crossings for any star", () => {
  for (let seed = 1; seed < 20; seed++) {
    const star = Array.from({ length: 40 }, (_, at) => {
      const angle = (at / 40) * 2 * Math.PI;
      const radius = 20 + 15 * Math.sin(at * seed * 1.7);
      return { x: 50 + radius * Math.cos(angle), y: 50 + radius * Math.sin(angle) };
    });
    const contains = lasso(star);
    for (let x = 0.5; x < 100; x += 3.1) {
      for (let y = 0.5; y < 100; y += 3.1) {
        expect(contains(x, y)).toBe(crossings(star, x, y) % 2 === 1);
      }
    }
  }
});

function crossings(star: readonly { x: number; y: number }[], x: number, y: number): number {
  return star.filter((a, at) => {
    const b = star[(at + 1) % star.length] ?? a;
    return a.y > y !== b.y > y && x < a.x + ((y - a.y) / (b.y - a.y)) * (b.x - a.x);
  }).length;
}
