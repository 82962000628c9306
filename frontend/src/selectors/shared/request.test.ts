/** Tests for how long the answers to questions are kept. */

import { describe, expect, it } from "vitest";
import { seriesWith } from "../../../test/series";
import type { Series } from "../../api/contract.gen";
import { type RequestMaker, requestsAbout } from "./request";

const BEFORE = seriesWith({ steps: [0, 1, 2], basis_steps: [0, 2] });
const LONGER = seriesWith({ steps: [0, 1, 2, 3], basis_steps: [0, 2] });
/** A training that was restarted from step 1. */
const RESTARTED = { ...BEFORE, checksums: [1000, 7, 8] };

const QUESTIONS = {
  tokens: (to: RequestMaker) => to("tokens", {}),
  "norms of step 0": (to: RequestMaker) => to("norms", { step: 0 }),
  "norms of step 1": (to: RequestMaker) => to("norms", { step: 1 }),
  drift: (to: RequestMaker) => to("drift", { from_step: 0, to_step: 1 }),
  "neighbor change": (to: RequestMaker) =>
    to("neighbor_change", { index: 0, from_step: 0, to_step: 1 }),
  "principal components": (to: RequestMaker) => to("positions", { step: 0, layout: "pca" }),
  "one semantic axis": (to: RequestMaker) =>
    to("positions", { step: 0, layout: "axes", x: "a - b" }),
  "semantic axes": (to: RequestMaker) =>
    to("positions", { step: 0, layout: "axes", x: "a - b", y: "c" }),
  "t-SNE": (to: RequestMaker) => to("positions", { step: 0, layout: "tsne" }),
  trails: (to: RequestMaker) => to("trails", { indices: "0", layout: "axes", x: "a - b" }),
  trajectory: (to: RequestMaker) => to("trajectories", { indices: "0", reference_step: 0 }),
  health: (to: RequestMaker) => to("health", {}),
  findings: (to: RequestMaker) => to("findings", {}),
  path: (to: RequestMaker) => to("path", {}),
};

/** The questions that have to be asked again once the series is another. */
function renewed(series: Series): string[] {
  const changed = Object.entries(QUESTIONS).filter(
    ([, ask]) => ask(requestsAbout(BEFORE)).key !== ask(requestsAbout(series)).key,
  );
  return changed.map(([name]) => name);
}

const OF_ALL_STEPS = ["t-SNE", "trails", "trajectory", "health", "findings", "path"];

describe("an answer is kept", () => {
  it("while the log is read again and is the same", () => {
    expect(renewed(seriesWith({ ...BEFORE }))).toEqual([]);
  });

  it("after a new step, unless it is about all steps", () => {
    expect(renewed(LONGER)).toEqual(OF_ALL_STEPS);
  });

  it("until the basis changes, where it depends on it", () => {
    expect(renewed({ ...LONGER, basis_steps: [0, 1, 2, 3] })).toEqual([
      "principal components",
      "one semantic axis",
      ...OF_ALL_STEPS,
    ]);
  });

  it("until what else it follows from changes, whichever rows the page holds", () => {
    const before = (also: string) => {
      const { key } = requestsAbout(BEFORE)("norms", { step: 0 }, { also });
      return key.slice(0, key.lastIndexOf("@"));
    };
    expect(before("a seed, step 1")).not.toBe(before("a seed, step 2"));
  });

  it("until a restarted training replaces one of its steps", () => {
    const ofStep1 = ["norms of step 1", "drift", "neighbor change"];
    // The basis pools step 2.
    const ofBasis = ["principal components", "one semantic axis"];
    expect(renewed(RESTARTED)).toEqual([...ofStep1, ...ofBasis, ...OF_ALL_STEPS]);
  });

  it("until the tokens change", () => {
    expect(renewed({ ...BEFORE, columns_id: "2" })).toEqual(Object.keys(QUESTIONS));
    expect(renewed({ ...BEFORE, vocab_size: 5 })).toEqual(Object.keys(QUESTIONS));
  });
});
