/** Tests the widths of the table's columns. */

import { expect, it } from "vitest";
import { decodeView, encodeView } from "../../state/link/link_entries";
import { initialState } from "../../state/state";
import { shareOf } from "../shared/resize_edge";
import { columnWidth, cssWidth, widthOfMost } from "./column_widths";

const ruler = ({ length }: string) => 7 * length;
const column = (id: string, kind: "number" | "text" = "number") => ({ id, name: id, kind });

it("gives tokens what nine tenths of them need", () => {
  const tokens = Array.from({ length: 100 }, (_, row) => (row < 90 ? "word" : "a very long one"));
  expect(widthOfMost(tokens, ruler)).toBe(28);
  expect(widthOfMost([], ruler)).toBe(0);
});

it("never gives a column less than its numbers need", () => {
  const least = (id: string, numbers: readonly number[]) =>
    columnWidth(column(id), "x", { numbers }, ruler).least;
  expect(least("column:year", [1987, 2024])).toBe(7 * "1987".length + 8);
  expect(least("frequency", [3, 1_234_567])).toBe(7 * "1,234,567".length + 8);
  expect(least("kept", [0.1, 1])).toBe(7 * "100 %".length + 8);
  // The same at every step: playing does not move the columns.
  expect(least("drift", [0, 0.5])).toBe(least("drift", [0.00042, 1.5]));
  expect(least("norm_change", [-0.5, 0.5])).toBeGreaterThan(least("drift", [0.5]));
});

it("gives up room for bars and heads only", () => {
  const wide = columnWidth(column("drift"), "Drift", { numbers: [0.5] }, ruler);
  expect(wide.usual).toBeGreaterThan(wide.least);
  const plain = columnWidth(column("frequency"), "Freq.", { numbers: [5] }, ruler);
  expect(plain.usual).toBe(7 * "Freq. ↓".length + 4);
});

it("comes back from a link as wide, to the pixel", () => {
  for (const [width, screen] of [
    [272, 800],
    [401, 1440],
    [1201, 3840],
  ] as const) {
    const tableShare = shareOf(width, screen);
    const entries = encodeView({ ...initialState().view, tableShare });
    expect(decodeView(entries)).toEqual({ tableShare });
    expect(Math.round(tableShare * screen)).toBe(width);
  }
});

it("stays within what the window has room for", () => {
  expect(cssWidth(null)).toBe("");
  expect(cssWidth(0.25)).toBe("clamp(240px, 25.00vw, 100vw - var(--token-width) - 320px)");
  expect([shareOf(9000, 1440), shareOf(0, 1440)]).toEqual([0.9999, 0.0001]);
});
