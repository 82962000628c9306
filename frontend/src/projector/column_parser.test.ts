/** Tests the columns of the standard Projector. */

import { expect, it } from "vitest";
import { parseColumns } from "./column_parser";

it("keeps columns as the Projector does", () => {
  const { stats, pointsInfo } = parseColumns("token\tdrift\ngood\t0.5\n7\t\n");
  expect(pointsInfo).toEqual([
    { token: "good", drift: 0.5 },
    { token: 7, drift: null },
  ]);
  const [token, drift] = stats;
  expect(token).toMatchObject({ name: "token", isNumeric: false, tooManyUniqueValues: false });
  expect(token?.uniqueEntries).toEqual([
    { label: "good", count: 1 },
    { label: "7", count: 1 },
  ]);
  expect(drift).toMatchObject({ isNumeric: true, min: 0.5, max: 0.5 });
});

it("stops counting values that are too many for colors", () => {
  const lines = Array.from({ length: 80 }, (_, row) => row).join("\n");
  const { stats } = parseColumns(`norm\n${lines}\n`);
  expect(stats[0]).toMatchObject({ tooManyUniqueValues: true, isNumeric: true, min: 0, max: 79 });
});
