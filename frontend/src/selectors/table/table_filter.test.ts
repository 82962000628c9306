/** Tests which rows a filter leaves. */

import { expect, it } from "vitest";
import { filled, seriesWith, stateOf } from "../../../test/series";
import type { Drift } from "../../api/contract.gen";
import { initialState, type State } from "../../state/state";
import { filterMask } from "./table_filter";

it("never leaves the rows of another run while the values are not there", () => {
  const log = stateOf([seriesWith({ run: "a" }), seriesWith({ run: "b" })]);
  const showing = (run: string, values: number[] | null): State => ({
    ...log,
    view: { ...initialState().view, run, filter: "drift > 0.5" },
    slots: {
      ...log.slots,
      drift: {
        ...filled({} as Drift),
        value: values && ({ values: Float32Array.from(values) } as unknown as Drift),
      },
    },
  });
  const ofFirst = Uint8Array.of(0, 1, 0, 1);
  expect(filterMask(showing("a", [0.1, 0.9, 0.2, 0.8]))).toEqual(ofFirst);
  expect(filterMask(showing("a", null))).toEqual(ofFirst);
  expect(filterMask(showing("b", null))).toBeNull();
});
