/** Tests the rows in a link. */

import { describe, expect, it } from "vitest";
import { decodeRows, encodeRows } from "./row_code";

describe("rows in a link", () => {
  it("keep their order where they are few", () => {
    expect(encodeRows([5, 1, 3])).toBe("5.1.3");
    expect(decodeRows("5.1.3")).toEqual([5, 1, 3]);
  });

  it("are each there once", () => {
    expect(decodeRows("3.1.3.3")).toEqual([1, 3]);
  });

  it("come back whole, the inspected one last, where they are many", () => {
    for (let seed = 1; seed < 30; seed++) {
      const rows = [...new Set(Array.from({ length: 60 }, (_, i) => (i * i * seed) % 211))];
      const code = encodeRows(rows) ?? "";
      const back = decodeRows(code) ?? [];
      expect(new Set(back)).toEqual(new Set(rows));
      expect(back.length).toBe(rows.length);
      expect(back.at(-1)).toBe(rows.at(-1));
      expect(encodeURIComponent(code)).toBe(code);
    }
  });

  it("are short where they follow each other", () => {
    const all = Array.from({ length: 100_000 }, (_, row) => row);
    expect(encodeRows(all)?.length).toBeLessThan(20);
    expect(decodeRows(encodeRows(all) ?? "")?.length).toBe(100_000);
  });

  it("are left out where no link should carry them", () => {
    expect(encodeRows(Array.from({ length: 20_000 }, (_, i) => i * 37))).toBeNull();
  });

  it("are nothing where the text is not theirs, or would fill the memory", () => {
    for (const code of ["", "x", "1..2", "~a~", "~~1", "~1~1-", "~1~0-zzzzzz", "1.2.x", "~1~é"]) {
      expect(decodeRows(code)).toBeUndefined();
    }
  });
});
