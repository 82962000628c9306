/** Tests the curves of another run in the panels of Health. */

import { describe, expect, it } from "vitest";
import { seriesWith } from "../../../test/series";
import type { Health } from "../../api/contract.gen";
import { healthMeasures, withOtherRun } from "./health_measures";

const STEPS = [0, 10];

/** The health at two steps; every measure has these values. */
function healthWith(...values: number[]): Health {
  const quantiles = { p10: values, p50: values, p90: values, max: values };
  const step = { cka: values, pip_loss: values, procrustes_residual: values };
  return {
    ...{ steps: STEPS, drift_from_first: quantiles, drift_from_previous: quantiles },
    ...{ norm: quantiles, effective_rank: values, participation_ratio: values },
    ...{ information_abundance: values, direction_spread: values, iso_score: values },
    ...{ mean_pairwise_cosine: values, cold_share: values, births: values, deaths: values },
    ...{ to_first: step, to_previous: step, frozen_rows: values, zero_rows: values },
    ...{ duplicate_rows: values, non_finite_rows: values },
    job: { id: "", state: "done", progress: 1, message: "", error: "" },
  } as unknown as Health;
}

describe("the curves of another run", () => {
  const series = seriesWith({ steps: STEPS });
  const own = healthMeasures(healthWith(1, 2), series);
  const other = seriesWith({ run: "other", steps: STEPS });
  const panels = withOtherRun(own, [0, 5, 10], healthWith(3, 7), other, "other");
  const named = (name: string) => panels.find((one) => one.name === name);

  it("are those of its median, or of the first line of a panel, at the same steps", () => {
    for (const name of ["norm", "effective_rank", "cka"]) {
      expect(named(name)?.lines[0]).toMatchObject({ label: "other", values: [3, 5, 7] });
      expect(named(name)?.lines.slice(1)).toEqual(own.find((one) => one.name === name)?.lines);
    }
  });

  it("have a number beside that of the run on screen", () => {
    const texts = named("iso_score")
      ?.readings(0)
      .map((reading) => reading.text);
    expect(texts).toEqual(["1.00", "3.00 other"]);
    expect(named("norm")?.readings(0)[1]?.text).toBe("3.00 other");
  });

  it("leave out counts, which depend on the size of the table", () => {
    expect(named("rows")).toBe(own.find(({ name }) => name === "rows"));
  });
});
