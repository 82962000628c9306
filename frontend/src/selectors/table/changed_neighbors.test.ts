/** Tests the search for tokens whose neighbors changed. */

import { describe, expect, it } from "vitest";
import { questionFor, seriesWith, stateOf } from "../../../test/series";
import type { Finding, Findings, Job } from "../../api/contract.gen";
import { lookForChangedNeighbors, stopLookingForChangedNeighbors } from "../../state/actions";
import type { State } from "../../state/state";
import { changedNeighborsSearch } from "./changed_neighbors";

const WORKING: Job = { id: "7", state: "running", progress: 0.5, message: "", error: "" };

function state(rows: number, kinds: Finding["kind"][] = [], job: Job | null = null): State {
  const start = stateOf([seriesWith({ steps: [0, 1], vocab_size: rows })]);
  const findings = { findings: kinds.map((kind) => ({ kind })) } as Findings;
  const known = { key: "", pending: null, failure: null };
  return {
    ...start,
    slots: {
      ...start.slots,
      positions: { ...known, value: null, failure: { status: 500, message: "" } },
      findings: { ...known, value: findings, pending: job ? "?" : null, job },
    },
  };
}

const asked = (of: State) => questionFor(of, "findings")?.with_neighbors;

describe("looking for tokens whose neighbors changed", () => {
  it("goes without asking where it takes a moment", () => {
    const small = state(10_000);
    expect([asked(small), changedNeighborsSearch(small)]).toEqual([true, null]);
  });

  it("is offered for a large table, and told of until it is done", () => {
    const large = state(10_001);
    expect([asked(large), changedNeighborsSearch(large)]).toEqual([false, "offered"]);
    expect(asked(lookForChangedNeighbors(large))).toBe(true);
    const working = lookForChangedNeighbors(state(10_001, [], WORKING));
    expect(changedNeighborsSearch(working)).toEqual({ progress: 0.5, job: "7" });
    expect(changedNeighborsSearch(lookForChangedNeighbors(large))).toBe("nothing found");
    expect(
      changedNeighborsSearch(lookForChangedNeighbors(state(10_001, ["changed_neighbors"]))),
    ).toBeNull();
  });

  it("can be given up", () => {
    const stopped = stopLookingForChangedNeighbors("7")(
      lookForChangedNeighbors(state(10_001, [], WORKING)),
    );
    expect(asked(stopped)).toBe(false);
    expect(stopped.passing.cancelled).toBe("7");
  });
});
