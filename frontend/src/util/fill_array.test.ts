/** Tests arrays with a number for each row. */

import { expect, it } from "vitest";
import { filled, orNaN } from "./fill_array";

it("has the number of each row, as the class of the array holds it", () => {
  expect(filled(new Uint8Array(3), (row) => 254 + row)).toEqual(Uint8Array.of(254, 255, 0));
  expect(filled(new Float32Array(0), () => 1)).toHaveLength(0);
});

it("has NaN where there is no value", () => {
  expect([...orNaN([1, null, 0])]).toEqual([1, Number.NaN, 0]);
});
