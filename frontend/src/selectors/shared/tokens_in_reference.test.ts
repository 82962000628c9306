/** Tests a reference in another series: which step it is, and what is asked about it. */

import { describe, expect, it } from "vitest";
import { filled, questionFor, seriesWith, stateOf } from "../../../test/series";
import type { Finding, Findings, Groups, Positions, Series } from "../../api/contract.gen";
import {
  compareSteps,
  compareWith,
  goToStep,
  openHealth,
  patchPassing,
  patchView,
  setReference,
  toggleArrows,
  toggleMapRuns,
  toggleSeed,
} from "../../state/actions";
import { openSeries } from "../../state/carry_over";
import { otherSeriesOf, referenceOf, sortOf, usualColumn } from "../../state/current";
import { decodeView, encodeView } from "../../state/link/link_entries";
import { initialState, type State } from "../../state/state";
import { findingsOf } from "../health/findings";
import { keptMask } from "../map/dimmed_points";
import { positionsInOther } from "../map/map_layout";
import { slotRequests } from "../requests/slot_requests";
import { changedTokens, toggleChanged } from "../table/changed_beyond_noise";
import { groupByOf } from "../table/groups";
import { availableColumns } from "../table/table_columns";
import { requestsAbout } from "./request";
import { named } from "./request_choices";
import { newRows } from "./tokens_in_reference";

const OURS = seriesWith({ run: "ours", steps: [0, 5, 10] });
const THEIRS = seriesWith({ run: "theirs", steps: [1, 7] });
const WIDE = seriesWith({ run: "wide", steps: [2], embedding_dim: 96 });
const ALONE = seriesWith({ run: "alone", steps: [4] });
const log = stateOf([OURS, THEIRS, WIDE, ALONE]);
const compared = compareWith(THEIRS)(log);
const POSITIONS: Positions = {
  ...{
    run: "ours",
    tag: "words",
    step: 10,
    layout: "pca",
    components: [1, 2],
    components_by_rule: [1, 2, 3],
    expressions: [],
  },
  ...{ basis_steps: [], explained_variance_ratio: [], job: null, laid_out: 0 },
  positions: new Float32Array(8),
};
const OF_THEIRS = { reference_run: "theirs", reference_tag: "words" };

describe("a reference in another run", () => {
  it("is its newest step until another one is chosen", () => {
    expect([otherSeriesOf(compared)?.run, referenceOf(compared)]).toEqual(["theirs", 7]);
    const earlier = compareWith(THEIRS, 1)(log);
    expect([referenceOf(earlier), earlier.view.reference]).toEqual([1, 1]);
    // So that the page follows a training that goes on.
    expect(compareWith(THEIRS, 7)(log).view.reference).toBeNull();
  });

  it("stays in the link", () => {
    const entries = encodeView(compareWith(THEIRS, 1)(log).view);
    const opened = stateOf([OURS, THEIRS], initialState(decodeView(entries)));
    expect([otherSeriesOf(opened)?.run, referenceOf(opened)]).toEqual(["theirs", 1]);
  });

  it("gives way to a step of the run on screen, and changes places with it", () => {
    for (const own of [setReference(5), compareSteps(5, 10), compareWith(OURS, 5)]) {
      const state = own(compared);
      expect([otherSeriesOf(state), referenceOf(state)]).toEqual([null, 5]);
    }
    expect(referenceOf(compareWith(OURS)(compared))).toBe(0);
    expect(otherSeriesOf(openSeries("theirs", "words")(compared))?.run).toBe("ours");
  });

  it("is a step of the run on screen while the log lacks it", () => {
    const state = stateOf([OURS], compared);
    expect([otherSeriesOf(state), referenceOf(state)]).toEqual([null, 0]);
  });

  it("is what drift, its curves and neighbors are asked from", () => {
    const state = patchView({ selection: [1], columns: ["kept"], pane: "split" })(
      goToStep(5)(compared),
    );
    const between = { ...OF_THEIRS, from_step: 7, to_step: 5 };
    expect(questionFor(state, "drift")).toMatchObject(between);
    expect(questionFor(state, "newestDrift")).toMatchObject({ ...between, to_step: 10 });
    expect(questionFor(state, "change")).toMatchObject({ ...between, index: 1 });
    expect(questionFor(state, "column kept")).toMatchObject(between);
    expect(questionFor(state, "rowsInReference")).toMatchObject(OF_THEIRS);
    const curves = { ...OF_THEIRS, reference_step: 7 };
    const curved = patchView({ columns: ["trend"], centered: true, anchors: [0, 2] })(
      patchPassing({ tableRows: [0, 1] })(state),
    );
    const aligned = { ...curves, centered: true, anchors: "0.2" };
    expect(questionFor(curved, "trajectories")).toMatchObject(aligned);
    expect(questionFor(curved, "trends")).toMatchObject(aligned);
    const two = patchView({ selection: [0, 1] })(state);
    expect(questionFor(two, "trajectories")).toMatchObject(curves);
    const group = filled({ counts: [2] } as Groups);
    const known = { ...two, slots: { ...two.slots, selectedGroup: group } };
    expect(questionFor(known, "selectedPath")).toMatchObject({ ...curves, rows: "0.1" });
    // The standard Projector has one run.
    expect(questionFor(state, "projector")).not.toHaveProperty("reference_run");
    expect(questionFor(state, "projector")).toMatchObject({ reference_step: 0 });
    // Why it is elsewhere than in the other run; nothing where that lacks it.
    expect(questionFor(state, "motion")).toBeNull();
    const rowsInReference = filled({
      ...{ rows: Int32Array.of(0, 2), only_in_reference: [], count_only_in_reference: 0 },
    });
    const matched = { ...state, slots: { ...state.slots, rowsInReference } };
    expect(questionFor(matched, "motion")).toMatchObject(between);
    // Beside the curve of this run, that of the other one to the same step.
    const there = { run: "theirs", indices: "2", reference_step: 7 };
    expect(questionFor(matched, "otherTrajectory")).toMatchObject(there);
  });

  it("is on the map in the same basis, laid upon the step on screen", () => {
    const open = (state: State) => {
      const positions = { ...POSITIONS, layout: "pca" as const, step: 10 };
      return { ...state, slots: { ...state.slots, positions: filled(positions) } };
    };
    const asked = (state: State) => questionFor(open(state), "referencePositions");
    const plain = patchView({ layers: [] })(compared);
    expect(asked(plain)).toBeNull();
    const expected = { ...OF_THEIRS, step: 7, upon_step: 10, layout: "pca" };
    expect(asked(toggleMapRuns("other")(plain))).toMatchObject(expected);
    expect(asked(toggleArrows(plain))).toMatchObject(expected);
    // Regions tell which tokens came since.
    expect(asked(compared)).toMatchObject(expected);
    // No other layout is common to two tables, and no map to tables of different dimensions.
    expect(asked(patchView({ layout: "tsne" })(toggleArrows(compared)))).toBeNull();
    expect(asked(toggleArrows(compareWith(WIDE)(log)))).toBeNull();
    expect(asked(toggleArrows(log))).toMatchObject({ step: 0 });
  });

  it("is asked for at once where both are shown, before what reads all tables", () => {
    const both = patchView({ mapRuns: "both" })(compared);
    expect(questionFor(compared, "referencePositions")).toBeNull();
    expect(questionFor(both, "referencePositions")).toMatchObject(OF_THEIRS);
    const positions = filled(POSITIONS);
    const own = { ...both, slots: { ...both.slots, positions } };
    expect(questionFor(own, "health")).toBeNull();
    const there = { ...own, slots: { ...own.slots, referencePositions: positions } };
    expect(questionFor(there, "health")).not.toBeNull();
  });

  it("is on the map until the user goes to a step of the run on screen", () => {
    const there = filled({ ...POSITIONS, run: "theirs", step: 7 });
    const slots = { ...compared.slots, positions: filled(POSITIONS), referencePositions: there };
    const shown = toggleMapRuns("other")({ ...compared, slots });
    expect(positionsInOther(shown)?.run).toBe("theirs");
    expect(positionsInOther(goToStep(5)(shown))).toBeNull();
    expect(positionsInOther(setReference(5)(shown))).toBeNull();
    const other = { ...slots, positions: filled({ ...POSITIONS, components: [2, 3] }) };
    expect(positionsInOther({ ...shown, slots: other })).toBeNull();
  });

  it("has its curves in Health, while that is open", () => {
    const slots = { ...compared.slots, positions: filled(POSITIONS) };
    const state = { ...compared, slots };
    expect(questionFor(state, "otherHealth")).toBeNull();
    expect(questionFor(openHealth(true)(state), "otherHealth")).toMatchObject({ run: "theirs" });
    expect(questionFor(openHealth(true)({ ...log, slots }), "otherHealth")).toBeNull();
    expect(questionFor(openHealth(true)(state), "similarity")).toMatchObject(OF_THEIRS);
  });

  it("is asked for by name only there", () => {
    expect(questionFor(log, "drift")).not.toHaveProperty("reference_run");
    expect(questionFor(log, "rowsInReference")).toBeNull();
    expect(
      questionFor(compareWith(ALONE)(openSeries("ours", "words")(log)), "drift"),
    ).toMatchObject({
      from_step: 4,
    });
  });

  it("lets a run of one snapshot be ranked by drift", () => {
    const alone = openSeries("alone", "words")(log);
    expect(usualColumn(alone)).not.toBe("drift");
    const state = compareWith(THEIRS)(alone);
    expect([usualColumn(state), questionFor(state, "drift")]).toMatchObject([
      "drift",
      { from_step: 7, to_step: 4 },
    ]);
    const columns = availableColumns(state).map(({ id }) => id);
    expect(columns).toEqual(expect.arrayContaining(["drift", "euclidean", "kept"]));
    expect(columns).not.toContain("trend");
  });

  it("has the least kept neighbors first where the dimensions differ", () => {
    const state = compareWith(WIDE)(log);
    expect([usualColumn(state), sortOf(state)]).toEqual([
      "kept",
      { by: "kept", descending: false },
    ]);
    expect([questionFor(state, "drift"), questionFor(state, "newestDrift")]).toEqual([null, null]);
    expect(questionFor(state, "column kept")).toMatchObject({ reference_run: "wide" });
    const columns = availableColumns(state).map(({ id }) => id);
    expect(columns).not.toContain("drift");
    expect(columns).not.toContain("cosine");
    const grouped = patchView({ groupBy: "sets", selection: [0, 1] })(state);
    expect([groupByOf(grouped), questionFor(grouped, "selectedGroup")]).toEqual(["", null]);
    // What can't be aligned has curves of its own.
    expect(questionFor(grouped, "trajectories")).toMatchObject({ reference_step: 0 });
    expect(questionFor(grouped, "trajectories")).not.toHaveProperty("reference_run");
  });

  it("tells which tokens it lacks", () => {
    const rows = { rows: Int32Array.of(3, -1, 0, -1) };
    const told = { ...rows, only_in_reference: ["gone"], count_only_in_reference: 1 };
    const slots = { ...compared.slots, rowsInReference: filled(told) };
    expect(newRows({ ...compared, slots })).toEqual([1, 3]);
    expect(newRows({ ...log, slots })).toEqual([]);
  });
});

describe("noise", () => {
  const SEEDS = ["s1", "s2", "s3"].map((run) => seriesWith({ run, steps: [0, 9] }));
  const all = stateOf([OURS, THEIRS, WIDE, ...SEEDS]);
  const chosen = (state: State, ...runs: string[]) =>
    runs.reduce((before, run) => toggleSeed(run)(before), state);
  const columns = (state: State) => availableColumns(state).map(({ id }) => id);
  const asked = (state: State) => questionFor(state, "column q_value");

  it("between runs is known from two seeds on, and told without being asked for", () => {
    const against = compareWith(THEIRS)(all);
    expect(columns(chosen(against, "s1"))).not.toContain("q_value");
    expect(asked(chosen(against, "s1"))).toBeNull();
    const two = chosen(against, "s1", "s2");
    expect(columns(two)).toEqual(expect.arrayContaining(["p_value", "q_value"]));
    const seeds = JSON.stringify(["s1", "s2"]);
    expect(asked(two)).toMatchObject({ ...OF_THEIRS, seeds, measure: "cosine" });
    expect(asked(patchView({ measure: "norm_change" })(two))).toMatchObject({ measure: "cosine" });
    expect(asked(compareWith(WIDE)(two))).toMatchObject({ measure: "overlap" });
    expect(asked(chosen(two, "s2"))).toBeNull();
  });

  it("within a run is the jitter of its steps, where its column is shown", () => {
    expect(asked(all)).toBeNull();
    expect(asked(patchView({ columns: ["q_value"] })(all))).toMatchObject({ seeds: "" });
  });

  it("is asked for anew once a seed has another step", () => {
    const key = (...series: Series[]) => {
      const state = chosen(
        stateOf([OURS, THEIRS, ...series], compareWith(THEIRS)(all)),
        "s1",
        "s2",
      );
      const request = slotRequests(state)["column q_value"];
      return typeof request === "object" ? request?.key : null;
    };
    const [first, second] = SEEDS as [Series, Series];
    expect(key(first, second)).toBe(key({ ...first }, second));
    expect(key(first, { ...second, steps: [0, 9, 10], checksums: [1, 2, 3] })).not.toBe(
      key(first, second),
    );
  });

  it("fades on the map what did not change by more", () => {
    const state = chosen(compareWith(THEIRS)(all), "s1", "s2");
    const numbers = Float32Array.of(0.01, 0.5, Number.NaN, 0.05);
    const slots = { ...state.slots, "column q_value": filled({ numbers }) };
    const known = { ...state, slots };
    expect(changedTokens(known)).toEqual({ changed: 1, known: 3 });
    const listed = toggleChanged(known);
    expect(keptMask(listed)).toEqual(Uint8Array.of(1, 0, 0, 0));
    expect(keptMask(toggleChanged(listed))).toBeNull();
  });

  it("has findings between runs, without being asked for", () => {
    const two = chosen(compareWith(THEIRS)(all), "s1", "s2");
    const open = { ...two, slots: { ...two.slots, positions: filled({} as Positions) } };
    expect(questionFor(open, "findingsBetween")).toEqual(asked(open));
    expect(questionFor(chosen(open, "s2"), "findingsBetween")).toBeNull();
  });

  it("shows findings between runs before those of one run that are as severe", () => {
    const two = chosen(compareWith(THEIRS)(all), "s1", "s2");
    const of = (...severities: Finding["severity"][]) =>
      filled({ findings: severities.map((severity) => ({ severity })) } as Findings);
    const findings = of("warning", "notice", "info");
    const slots = { ...two.slots, findings, findingsBetween: of("notice", "info") };
    const shown = (state: State) =>
      findingsOf(state).map(({ finding, other }) => `${finding.severity} ${other?.run ?? ""}`);
    const their = OF_THEIRS.reference_run;
    expect(shown({ ...two, slots })).toEqual([
      ...["warning ", `notice ${their}`, "notice ", `info ${their}`, "info "],
    ]);
    // An answer about other steps or another run is no longer shown.
    const pending = { ...slots, findingsBetween: { ...slots.findingsBetween, pending: "?" } };
    expect(shown({ ...two, slots: pending })).toEqual(["warning ", "notice ", "info "]);
  });

  it("is of few runs: each pair of them is compared", () => {
    const many = chosen(all, ...Array.from({ length: 30 }, (_, at) => `run ${at}`));
    expect(many.view.seeds).toHaveLength(20);
  });
});

describe("an answer about two runs is kept", () => {
  const key = (ours: Series, theirs: Series) =>
    requestsAbout(ours, theirs)("drift", { from_step: 7, to_step: 5, ...named(theirs) }).key;

  it("until a step of either is written anew, or the tokens of either change", () => {
    const kept = key(OURS, THEIRS);
    expect(key(OURS, { ...THEIRS, steps: [1, 7, 9], checksums: [1001, 1007, 3] })).toBe(kept);
    expect(key(OURS, { ...THEIRS, checksums: [1001, 2] })).not.toBe(kept);
    expect(key(OURS, { ...THEIRS, columns_id: "2" })).not.toBe(kept);
    expect(key({ ...OURS, checksums: [1000, 2, 3] }, THEIRS)).not.toBe(kept);
  });
});
