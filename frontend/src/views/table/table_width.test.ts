/** Tests the width of the table. */

import { expect, it } from "vitest";
import { decodeView, encodeView } from "../../state/link/link_entries";
import { initialState } from "../../state/state";
import { shareOf } from "../shared/resize_edge";
import { cssWidth } from "./column_widths";

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
