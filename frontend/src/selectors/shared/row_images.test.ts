/** Tests where the images of a row are looked for. */

import { expect, it } from "vitest";
import { seriesWith, stateOf } from "../../../test/series";
import { asHeld, numberingOf } from "../../api/row_numbering";
import { imageColumns, imagesOf } from "./row_images";

const names = ["a&b=1", "b", "c", "d", "e"];
const shown = stateOf([
  seriesWith({ run: "my run/1", image_columns: names, columns_id: "x:1|y:2" }),
]);

it("asks for the row and the column by name, relative to the page", () => {
  const [first, ...others] = imagesOf(imageColumns(shown), 3);
  expect(others.map(({ name }) => name)).toEqual(["b", "c", "d"]);
  const { pathname, searchParams } = new URL(first?.address ?? "", "http://host/prefix/page/");
  expect(pathname).toBe("/prefix/page/image");
  expect(Object.fromEntries(searchParams)).toEqual({
    run: "my run/1",
    tag: "words",
    columns_id: "x:1|y:2",
    column: "a&b=1",
    row: "3",
  });
});

it("is the same as long as the columns are", () => {
  const again = stateOf([
    seriesWith({ run: "my run/1", image_columns: names, columns_id: "x:1|y:2" }),
  ]);
  expect(imageColumns(again)).toBe(imageColumns(shown));
  expect(imageColumns(stateOf([seriesWith()]))).toBeNull();
});

it("names the row of the table where the page holds only some", () => {
  const series = seriesWith({ run: "large", vocab_size: 10, shown_rows: 2, image_columns: ["b"] });
  const columns = imageColumns(stateOf([asHeld(series)]));
  const rows = [0, 1].map(
    (number) => imagesOf(columns, number)[0]?.address.match(/row=(\d+)/)?.[1],
  );
  expect(rows).toEqual([0, 1].map((number) => String(numberingOf(series)?.rowOf(number))));
  expect(rows).not.toEqual(["0", "1"]);
});
