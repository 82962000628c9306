/** Tests the writing of CSV. */

import { expect, it } from "vitest";
import { blobOf, safeName } from "../util/download";
import { csvPieces, textCell } from "./csv";

it("quotes what would end a cell, and disarms formulas", () => {
  expect(textCell("good")).toBe("good");
  expect(textCell('say "so", twice')).toBe('"say ""so"", twice"');
  expect(textCell("two\nlines")).toBe('"two\nlines"');
  expect(textCell("=1+1")).toBe("'=1+1");
  expect(textCell('=HYPERLINK("x","y")')).toBe(`"'=HYPERLINK(""x"",""y"")"`);
  expect(["+1", "-1", "@x", "\tx"].map(textCell)).toEqual(["'+1", "'-1", "'@x", "'\tx"]);
  // A text that begins with an apostrophe stays another one.
  expect(textCell("'=1+1")).toBe("''=1+1");
  expect(textCell("'til")).toBe("'til");
  expect(textCell("\uff1d1")).toBe("'\uff1d1");
  expect(textCell(" a ")).toBe('" a "');
  expect(textCell("日本")).toBe("日本");
});

it("writes the rows in their order, in the digits of their type, and nothing for no number", () => {
  const pieces = csvPieces(
    [2, 0, 1],
    [
      { head: "row", values: "row" },
      { head: "token", values: { texts: ["a", "b,c", "=d"] } },
      { head: "drift", values: { numbers: Float32Array.of(0.1, Number.NaN, -1e-12) } },
      { head: "frequency", values: { numbers: [3, 123456789012, 0.1] } },
    ],
  );
  expect([...pieces].join("")).toBe(
    [
      "\ufeffrow,token,drift,frequency",
      "2,'=d,-1e-12,0.1",
      "0,a,0.1,3",
      '1,"b,c",,123456789012',
      "",
    ].join("\r\n"),
  );
});

it("writes numbers that are the same when they are read", () => {
  const numbers = Float32Array.from(
    { length: 2000 },
    (_, i) => Math.sin(i) * 10 ** ((i % 60) - 30),
  );
  const rows = [...numbers.keys()];
  const text = [...csvPieces(rows, [{ head: "x", values: { numbers } }])].join("");
  const read = text.trimEnd().split("\r\n").slice(1).map(Number);
  expect(Float32Array.from(read)).toEqual(numbers);
});

it("comes in pieces, and ends when it is given up", async () => {
  const rows = Array.from({ length: 12_000 }, (_, row) => row);
  const pieces = () => csvPieces(rows, [{ head: "row", values: "row" }]);
  expect([...pieces()].length).toBe(4);
  const blob = await blobOf(pieces(), "text/csv");
  expect((await blob?.text())?.split("\r\n").length).toBe(12_002);
  const slow = function* () {
    for (;;) {
      const end = performance.now() + 31;
      while (performance.now() < end);
      yield "x";
    }
  };
  expect(await blobOf(slow(), "text/csv", AbortSignal.abort())).toBeNull();
});

it("names files as every system takes them", () => {
  expect(safeName("train/2: words?.csv")).toBe("train-2-words-.csv");
  expect(safeName("../..")).toBe("embeddings");
});
