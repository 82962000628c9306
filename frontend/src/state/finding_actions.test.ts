/** Tests what a click on a finding shows. */

import { describe, expect, it } from "vitest";
import { seriesWith, stateOf } from "../../test/series";
import type { View as Place, Series } from "../api/contract.gen";
import {
  compareWith,
  goToStep,
  patchView,
  select,
  setReference,
  toggleMapRuns,
  togglePlaying,
} from "./actions";
import { inspectedRow, otherSeriesOf, referenceOf, stepOf } from "./current";
import { compareAgain, openFinding } from "./finding_actions";

const series = (run: string, steps: number[]) => seriesWith({ run, steps });
const state = stateOf([series("a", [0, 5, 6, 100]), series("b", [1, 2])]);

describe("where a finding is to be seen", () => {
  const openPlace = (view: Place, other: Series | null = null) =>
    openFinding({ finding: { view }, other });
  const place = {
    name: "table" as const,
    step: 6,
    reference_step: 5,
    indices: [3, 1],
    measure: null,
  };

  it("is its steps, with its rows and the first of them inspected, at rest", () => {
    const opened = openPlace(place)(togglePlaying(state));
    expect([stepOf(opened), referenceOf(opened)]).toEqual([6, 5]);
    expect([opened.view.selection, opened.passing.playing]).toEqual([[1, 3], false]);
    expect(inspectedRow(opened)).toBe(3);
  });

  it("is its measure, in the table with what never moved on top and nothing left out", () => {
    const searched = patchView({ query: "x", minFrequency: 9 })(state);
    const opened = openPlace({ ...place, measure: "euclidean" })(searched);
    expect(opened.view).toMatchObject({
      measure: "euclidean",
      query: "",
      minFrequency: 0,
      sort: { by: "drift", descending: false },
    });
    expect(opened.passing.panel).toBe("table");
  });

  it("is a comparison with another run, with what is furthest beyond noise on top", () => {
    const other = series("b", [1, 2]);
    const opened = openPlace({ ...place, reference_step: 1, measure: "cosine" }, other)(state);
    expect([stepOf(opened), referenceOf(opened)]).toEqual([6, 1]);
    expect(opened.view).toMatchObject({
      referenceRun: "b",
      sort: { by: "q_value", descending: false },
    });
  });

  it("of the run on screen leaves a comparison with another one only if it has to", () => {
    const against = compareWith(series("b", [1, 2]), 1)(state);
    const health = openPlace({ ...place, name: "health", measure: "zero_rows" })(against);
    expect([otherSeriesOf(health)?.run, referenceOf(health), stepOf(health)]).toEqual(["b", 1, 6]);
    const indicator = openPlace({ ...place, measure: "indicator" })(against);
    expect(otherSeriesOf(indicator)?.run).toBe("b");
    expect([health.passing.toast, indicator.passing.toast]).toEqual([null, null]);

    const left = openPlace(place)(toggleMapRuns("both")(against));
    expect([otherSeriesOf(left), referenceOf(left)]).toEqual([null, 5]);
    expect(left.passing.toast).toMatchObject({ kind: "left", of: { run: "b" }, step: 1 });
    // The way back keeps the tokens and the step of the finding.
    const back = compareAgain(left);
    expect([otherSeriesOf(back)?.run, referenceOf(back), back.passing.toast]).toEqual([
      ...["b", 1, null],
    ]);
    expect(back.view).toMatchObject({ selection: [1, 3], mapRuns: "both" });
    expect(stepOf(back)).toBe(6);
    expect(compareAgain(back)).toBe(back);
  });

  it("is a panel of Health", () => {
    const opened = openPlace({ ...place, name: "health", measure: "zero_rows" })(state);
    expect(opened.passing).toMatchObject({ panel: "health", healthPanel: "zero_rows" });
    expect(opened.view.healthOpen).toBe(true);
    expect(opened.view.measure).toBe("cosine");
  });

  it("leaves the reference step and the selection where it says nothing of them", () => {
    const busy = select(2)(setReference(5)(goToStep(6)(state)));
    const opened = openPlace({ ...place, step: 100, reference_step: null, indices: [] })(busy);
    expect([opened.view.step, referenceOf(opened)]).toEqual([null, 5]);
    expect(opened.view.selection).toEqual([2]);
  });
});
