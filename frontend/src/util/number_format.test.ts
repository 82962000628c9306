/** Tests the formats of numbers. */

import { describe, expect, it } from "vitest";
import { bytes, compact, counted, numeralOf, percent, short, stepText } from "./number_format";

describe("short", () => {
  it("keeps about three significant digits", () => {
    const values = [1e-5, 3.9e-5, 0.000421, 0.0152, 0.5, 1.234, 12.34, 123.4, 12_345, 1e6];
    expect(values.map((value) => short(value))).toEqual([
      "1.0e−5",
      "3.9e−5",
      "0.000421",
      "0.0152",
      "0.500",
      "1.23",
      "12.3",
      "123",
      "12345",
      "1.0e+6",
    ]);
    expect([-0.000421, -5.5e-5].map((value) => short(value))).toEqual(["−0.000421", "−5.5e−5"]);
  });

  it("keeps fewer where they are asked for", () => {
    const values = [0.000421, 0.0152, 0.555, 1.234, 12.34, 123.4];
    const rough = values.map((value) => short(value, 2));
    expect(rough).toEqual(["0.00042", "0.015", "0.56", "1.2", "12", "123"]);
  });

  it("says zero of zero only", () => {
    expect([0, -0].map((value) => short(value))).toEqual(["0", "0"]);
    for (let power = -5; power <= 6; power += 0.01) {
      const value = 10 ** power;
      const shown = Number(short(value).replace("−", "-"));
      expect(Math.abs(shown / value - 1)).toBeLessThan(0.05);
    }
  });

  it("has a dash for what is not a number", () => {
    expect([null, undefined, Number.NaN].map((value) => short(value))).toEqual(["–", "–", "–"]);
  });
});

it("compacts large numbers", () => {
  const numbers = [0, 950, 6246, 10_000, 1_500_000, null];
  expect(numbers.map((value) => compact(value))).toEqual(["0", "950", "6.25K", "10K", "1.5M", "–"]);
  expect(compact(10_050_000, 4)).toBe("10.05M");
});

it("writes bytes in the unit that fits", () => {
  const sizes = [0, 1, 999, 1000, 1234, 56_789, 1.5e6, 2e9, 5e13];
  expect(sizes.map(bytes)).toEqual([
    "0 bytes",
    "1 bytes",
    "999 bytes",
    "1.0 kB",
    "1.2 kB",
    "57 kB",
    "1.5 MB",
    "2.0 GB",
    "50000 GB",
  ]);
});

it("writes all numbers of a column alike", () => {
  const write = (...column: number[]) => column.map(numeralOf(column));
  expect(write(1987, 2024)).toEqual(["1987", "2024"]);
  expect(write(5, 12_345)).toEqual(["5", "12,345"]);
  expect(write(-3, Number.NaN)).toEqual(["−3", "–"]);
  expect(write(1, 0.5)).toEqual(["1.00", "0.500"]);
});

it("counts things", () => {
  const counts = [0, 1, 2000].map((amount) => counted(amount, "token"));
  expect(counts).toEqual(["0 tokens", "1 token", "2,000 tokens"]);
  expect(counted(2, "match", "matches")).toBe("2 matches");
});

it("writes steps and shares", () => {
  expect([0, 2000, 12_345].map(stepText)).toEqual(["0", "2000", "12,345"]);
  expect([0, 0.004, 0.24, 1].map(percent)).toEqual(["0 %", "0.4 %", "24 %", "100 %"]);
  expect([null, Number.NaN].map(percent)).toEqual(["–", "–"]);
});
