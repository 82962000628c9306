/** Tests the texts of labels. */

import { describe, expect, it } from "vitest";
import { cleanLabel, labelText } from "./label_text";

describe("labelText", () => {
  it("leaves ordinary tokens of any script as they are", () => {
    for (const token of [
      "movie",
      "naïve",
      "映画",
      "فيلم",
      "<img src=x onerror=alert(1)>",
      "##ing",
    ]) {
      expect(labelText(token)).toBe(token);
    }
  });

  it("keeps to one line and one direction", () => {
    expect(labelText("two\nlines\r\n\tand\u2028more")).toBe("two lines and more");
    expect(labelText("\u202egnp.exe")).toBe("\\u202egnp.exe");
    expect(labelText("a\u0000b\u0007\u009fc\u2067")).toBe("a\\x00b\\x07\\x9fc\\u2067");
    expect(labelText("half \ud83d")).toBe("half \\ud83d");
  });

  it("tells the control characters of a byte-level vocabulary apart", () => {
    const controls = Array.from({ length: 32 }, (_, code) => String.fromCharCode(code));
    const seen = controls.filter((control) => control.trim() !== "").map(cleanLabel);
    expect(new Set(seen).size).toBe(seen.length);
    expect(cleanLabel("\u{e0001}")).toBe("\\U000e0001");
  });

  it("keeps a space at the start, and none at the end", () => {
    expect(labelText(" cat ")).toBe("\u00a0cat");
  });

  it("keeps the joiners that emoji and Persian need", () => {
    expect(labelText("👩\u200d🚀")).toBe("👩\u200d🚀");
    expect(labelText("می\u200cخواهم")).toBe("می\u200cخواهم");
  });

  it("levels towers of marks", () => {
    expect(labelText(`z${"\u0301".repeat(50)}`)).toBe(`z${"\u0301".repeat(3)}`);
  });

  it("shortens by characters as people count them", () => {
    expect(labelText("x".repeat(28))).toBe("x".repeat(28));
    expect(labelText("x".repeat(29))).toBe(`${"x".repeat(27)}…`);
    expect(labelText("👍🏽".repeat(40))).toBe(`${"👍🏽".repeat(27)}…`);
    expect(labelText("x".repeat(1_000_000)).length).toBe(28);
  });

  it("names what cannot be seen", () => {
    expect(labelText("")).toBe("(empty)");
    expect(labelText(" \u3000\n")).toBe("(blank)");
  });
});

describe("cleanLabel", () => {
  it("cleans as labels do, at full length", () => {
    expect(cleanLabel("\u202eevil")).toBe("\\u202eevil");
    expect(cleanLabel("")).toBe("(empty)");
    expect(cleanLabel("two\nlines ".repeat(20))).toBe("two lines ".repeat(20).trim());
  });
});
