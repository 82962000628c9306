/** Tests the numbers that the page gives to the rows that it holds. */
import { describe, expect, it } from "vitest";
import { FAR, Numbering } from "./row_numbering";

describe("Numbering", () => {
  it("begins with one row of each of equal parts, as the server computes them", () => {
    // numpy: tb_wordembed.projector.rows.shown_rows(103, most=10)
    const numbering = new Numbering(10, 103);
    const rows = Array.from({ length: 10 }, (_, number) => numbering.rowOf(number));
    expect(rows).toEqual(SAMPLE);
  });

  it("keeps the numbers of rows when others come", () => {
    const numbering = new Numbering(10, 103);
    const first = numbering.numberOf(SAMPLE[3] as number);
    numbering.add([102, SAMPLE[3] as number, 5, 102, 500, -1]);
    expect(first).toBe(3);
    expect(numbering.numberOf(SAMPLE[3] as number)).toBe(3);
    expect([numbering.numberOf(102), numbering.numberOf(5)]).toEqual([10, 11]);
    expect(numbering.count).toBe(12);
  });

  it("tells apart the rows that the page does not hold", () => {
    const numbering = new Numbering(10, 103);
    expect(numbering.numberOf(102)).toBe(FAR + 102);
    expect(numbering.rowOf(FAR + 102)).toBe(102);
  });

  it("asks for rows that came later apart from the sample", () => {
    const numbering = new Numbering(10, 103);
    numbering.add([102, 5]);
    expect(numbering.chunks(numbering.count)).toEqual([
      { shown: "sample.10.103", key: "sample.10.103" },
      { shown: "102.5", key: "sample.10.103 10-12" },
    ]);
  });
});

const SAMPLE = [0, 16, 22, 39, 45, 51, 68, 75, 91, 98];
