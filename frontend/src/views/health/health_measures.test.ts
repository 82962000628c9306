/** Tests the charts of Health. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { seriesWith } from "../../../test/series";
import type { Health, Series } from "../../api/contract.gen";
import { GLANCES, healthMeasures, panelOf, withOtherRun } from "./health_measures";

const GOLDEN = join(import.meta.dirname, "../../../../tests/golden/responses/health.json");
const series = { embedding_dim: 4, steps: [0, 5, 10] } as unknown as Series;
const health = JSON.parse(readFileSync(GOLDEN, "utf8"))[0].response as Health;

describe("the panels of Health", () => {
  const panels = healthMeasures(health, series);
  const panel = (name: string) => panels.find((one) => one.name === name);

  it("show every measure of the route once", () => {
    const shown = panels.flatMap(({ lines }) => lines.map(({ values }) => values));
    const sent = Object.entries(health).flatMap(([name, value]) => {
      if (name === "steps" || name === "job") return [];
      return Array.isArray(value) ? [value] : Object.entries(value).map(([, values]) => values);
    });
    const text = (values: unknown) => JSON.stringify(values);
    // The largest value has no line; drift from the first step is 0 at the first step.
    const drawn = new Set(shown.map(text));
    const largest = [health.drift_from_first, health.drift_from_previous, health.norm];
    const left = sent.filter((values) => !drawn.has(text(values)));
    const rows = [health.duplicate_rows, health.zero_rows];
    const known = [
      ...largest.map(({ max }) => max),
      ...Object.values(health.drift_from_first),
      ...rows.filter((values) => values.every((value) => value === 0)),
    ];
    expect(left.filter((values) => !known.some((one) => text(one) === text(values)))).toEqual([]);
  });

  it("compare no steps where there is one", () => {
    const names = healthMeasures(health, { ...series, steps: [0] }).map(({ name }) => name);
    expect(names).toEqual([
      ...["norm", "effective_rank", "direction_spread", "iso_score"],
      ...["mean_pairwise_cosine", "rows"],
    ]);
  });

  it("say what they mean and what is read at a step", () => {
    for (const { help, readings } of panels) {
      expect(help.length).toBeGreaterThan(60);
      expect(help.length).toBeLessThan(135);
      expect(readings(0).length).toBeGreaterThan(0);
      expect(readings(-1).every(({ text }) => text.includes("–") || text.startsWith("0"))).toBe(
        true,
      );
    }
  });

  it("draw measures that have an end up to it, so that little looks little", () => {
    expect(["iso_score", "cka", "pip_loss"].map((name) => panel(name)?.reach)).toEqual([1, 1, 1]);
    expect(panel("effective_rank")?.reach).toBe(4);
  });

  it("name the rows that there are, and those that there are none of", () => {
    const { steps } = health;
    const quiet = { ...health };
    for (const kind of ["duplicate_rows", "zero_rows", "non_finite_rows"] as const) {
      quiet[kind] = steps.map(() => 0);
    }
    quiet.frozen_rows = steps.map((_, at) => (at ? 1200 : null));
    const rows = healthMeasures(quiet, series).find(({ name }) => name === "rows");
    expect(rows?.lines.map(({ label }) => label)).toEqual(["frozen"]);
    const said = rows?.readings(1).map(({ text }) => text);
    expect(said).toEqual(["1,200 frozen", "0 duplicate, zero, non-finite"]);
  });

  it("show tokens that came and went only where the vocabulary changed", () => {
    const names = (shown: Health) => healthMeasures(shown, series).map(({ name }) => name);
    expect(names(health)).not.toContain("vocabulary");
    expect(names({ ...health, births: [0, 0, 7] })).toContain("vocabulary");
  });

  it("hold all that the closed bar and findings point to", () => {
    for (const { name, line } of GLANCES) expect(panel(name)?.lines[line]).toBeDefined();
    const shown = ["norm", "effective_rank", "drift_from_previous", "frozen_rows", "zero_rows"];
    for (const name of shown) expect(panel(panelOf(name) ?? "")).toBeDefined();
    expect([panelOf("overlap"), panelOf("cosine"), panelOf(null)]).toEqual([null, null, null]);
  });
});

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
