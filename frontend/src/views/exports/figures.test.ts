/** Tests the exported figures. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Trajectories } from "../../api/contract.gen";
import { decodeFrame } from "../../api/decode_frame";
import { figureSvg } from "../../image_export/figure";
import type { Slot } from "../../state/slots";
import { initialState, type State } from "../../state/state";
import { HEALTH } from "../../strings";
import { healthCsv, neighborsCsv, trajectoryCsv } from "../../table_export/csv_files";
import { short } from "../../util/number_format";
import { shownMeasures } from "../health/health_measures";
import { type FigureName, figureOf } from "./figures";

const GOLDEN = join(import.meta.dirname, "../../../../tests/golden/responses");

/** Returns the first recorded response of an endpoint. */
function recorded(name: string) {
  return JSON.parse(readFileSync(join(GOLDEN, `${name}.json`), "utf8"))[0].response;
}

/** Returns the recorded trajectory of the first token. */
function recordedTrajectory(): Trajectories {
  const { buffer } = Uint8Array.from(readFileSync(join(GOLDEN, "trajectories-0.bin")));
  return decodeFrame(buffer) as unknown as Trajectories;
}

function filled<T>(value: T): Slot<T> {
  return { value, key: "", pending: null, failure: null };
}

function stateOf(slots: Partial<State["slots"]>): State {
  const state = initialState({ selection: [0] });
  const index = filled(recorded("index"));
  return { ...state, slots: { ...state.slots, index, ...slots } };
}

const full = stateOf({
  health: filled(recorded("health")),
  tokens: filled(recorded("tokens")),
  trajectories: filled(recordedTrajectory()),
  change: filled(recorded("neighbor_change")),
  drift: filled({
    from_step: 0,
    to_step: 5,
    measure: "cosine" as const,
    alignment: null,
    values: Float32Array.of(0, 0.25, 1, Number.NaN),
  }),
});

function drawn(name: FigureName, state = full): Document {
  const figure = figureOf(name, state);
  if (!figure) throw new Error(`no ${name}`);
  const svg = new DOMParser().parseFromString(figureSvg(figure).svg, "image/svg+xml");
  expect(svg.querySelector("parsererror")).toBeNull();
  return svg;
}

function textsOf(svg: Document): string[] {
  return [...svg.querySelectorAll("text")].map(({ textContent }) => textContent ?? "");
}

describe("a figure", () => {
  it("of Health has every panel, with what is read at the step", () => {
    const texts = textsOf(drawn("health"));
    for (const [name, { title }] of Object.entries(HEALTH)) {
      // The vocabulary of this series never changed.
      expect(texts.includes(title)).toBe(name !== "vocabulary");
    }
    expect(texts.some((words) => words.endsWith("effective rank"))).toBe(true);
    expect(texts.some((words) => words.startsWith("Reference "))).toBe(true);
  });

  it("of Health has a line of the run that it is compared with, once its health is there", () => {
    const index = recorded("index");
    const other = { ...index.series[0], run: "other" };
    const health = recorded("health");
    const state = stateOf({
      index: filled({ ...index, series: [index.series[0], other] }),
      health: filled(health),
      otherHealth: filled({ ...health, iso_score: health.iso_score.map(() => 0.625) }),
    });
    const both = { ...state, view: { ...state.view, referenceRun: "other" } };
    expect(textsOf(drawn("health", both))).toContain("0.625 other");
    expect(textsOf(drawn("health", state))).not.toContain("0.625 other");
    expect(textsOf(drawn("timeline", both)).join()).not.toContain("other");
    // Health renders anew only where they are others.
    expect(shownMeasures(both)).toBe(shownMeasures(both));
  });

  it("of Health has the probes that have scores", () => {
    const probe = { name: "", text: "good great 9\ngood bad 2\nbad awful 8\nfilm sea 5" };
    const state = stateOf({
      health: filled(recorded("health")),
      "probe 0": filled(recorded("probe")),
    });
    const scored = { ...state, view: { ...state.view, probes: [probe, probe] } };
    const titles = textsOf(drawn("health", scored)).filter((words) => words === "Similar pairs");
    expect(titles.length).toBe(1);
  });

  it("of the timeline is the drift of the table, each step at its true place", () => {
    const svg = drawn("timeline");
    const { steps } = recorded("health") as { steps: number[] };
    const xs = [...svg.querySelectorAll("circle")].map((dot) => Number(dot.getAttribute("cx")));
    expect(xs.length).toBe(steps.length);
    const [first = 0, last = 0] = [xs[0], xs.at(-1)];
    const span = (steps.at(-1) ?? 0) - (steps[0] ?? 0);
    steps.forEach((step, at) => {
      const share = (step - (steps[0] ?? 0)) / span;
      expect(xs[at]).toBeCloseTo(first + share * (last - first), 1);
    });
  });

  it("of a token has its charts and its neighbors, and tokens as text only", () => {
    const svg = drawn("token");
    const texts = textsOf(svg);
    expect(texts).toContain("Neighbors of good · 3 nearest by cosine");
    expect(texts).toContain("2 of 3 kept, +1 gained, −1 lost");
    expect(texts.filter((words) => words.startsWith("<img")).length).toBe(2);
    expect(svg.querySelector("img")).toBeNull();
  });

  it("of all tokens has a bar for each that moved, and none for those not known", () => {
    const svg = drawn("all_tokens");
    // One rectangle is the background; the other three are values.
    expect(svg.querySelectorAll("rect").length).toBe(4);
    expect(textsOf(svg).join()).toContain("Did not move 1 · Undefined 1");
  });

  it("of a token has the curve of the run that it is compared with, each run with its value", () => {
    const index = recorded("index");
    const [series] = index.series;
    const other = { ...series, run: "other" };
    const answer = recordedTrajectory();
    const { steps } = answer;
    const of = { reference_run: "other", reference_tag: series.tag };
    const there = { ...answer, drift: answer.drift.map((value) => value + 1) };
    const state = stateOf({
      index: filled({ ...index, series: [series, other] }),
      trajectories: filled({ ...answer, ...of }),
      otherTrajectory: filled(there),
      rowsInReference: filled({
        rows: Int32Array.of(0),
        only_in_reference: [],
        count_only_in_reference: 0,
      }),
    });
    const view = { ...state.view, referenceRun: "other" };
    const svg = drawn("token", { ...state, view });
    const texts = textsOf(svg).filter((words) => /^(other|embeddings) /.test(words));
    const last = answer.drift[steps.length - 1] ?? 0;
    expect(texts).toContain(`embeddings ${short(last)}`);
    expect(texts).toContain(`other ${short(last + 1)}`);
    expect(svg.querySelectorAll("circle").length).toBe(
      2 *
        drawn("token", stateOf({ trajectories: filled(answer) })).querySelectorAll("circle").length,
    );
  });

  it("leaves a gap where there is no value", () => {
    const answer = recordedTrajectory();
    const norm = answer.norm.map((value, at) => (at === 1 ? Number.NaN : value));
    const state = stateOf({ trajectories: filled({ ...answer, norm }) });
    const whole = drawn("token", stateOf({ trajectories: filled(answer) }));
    expect(drawn("token", state).querySelectorAll("circle").length).toBe(
      whole.querySelectorAll("circle").length - 1,
    );
    expect(drawn("token", state).querySelector("[d*=NaN]")).toBeNull();
  });

  it("marks no step that is not measured yet", () => {
    const { steps, ...health } = recorded("health");
    const part = drawn(
      "timeline",
      stateOf({ health: filled({ ...health, steps: steps.slice(0, 2) }) }),
    );
    const uprights = (svg: Document) => svg.querySelectorAll("path[d*=' 0V']").length;
    const grid = drawn("timeline", stateOf({ health: filled({ ...health, steps }) }));
    // One line marks the reference step, and two of the four steps have labels.
    expect(uprights(part)).toBe(3);
    expect(uprights(grid)).toBe(6);
  });

  it("is nothing while what it shows is not there", () => {
    for (const name of ["timeline", "health", "token", "all_tokens"] as const) {
      expect(figureOf(name, stateOf({}))).toBeNull();
    }
  });
});

function rowsOf(csv: ReturnType<typeof healthCsv>): string[][] {
  const lines = [...(csv?.pieces ?? [])].join("").replace("\ufeff", "").trimEnd().split("\r\n");
  return lines.map((line) => line.split(","));
}

describe("a file", () => {
  it("of Health has each measure at each step, and nothing for no number", () => {
    const [head = [], ...lines] = rowsOf(healthCsv(full));
    const { steps, norm, to_first } = recorded("health");
    expect(lines.map((line) => Number(line[0]))).toEqual(steps);
    const at = (name: string) => lines.map((line) => line[head.indexOf(name)]);
    expect(at("norm_p50")).toEqual(norm.p50.map(String));
    expect(at("to_first_cka")).toEqual(to_first.cka.map((value: unknown) => `${value ?? ""}`));
  });

  it("of neighbors waits for those of the token that is inspected", () => {
    expect(neighborsCsv(full)).not.toBeNull();
    expect(neighborsCsv({ ...full, view: { ...full.view, selection: [1] } })).toBeNull();
  });

  it("of a token has its drift and norm at each step", () => {
    const [head, ...lines] = rowsOf(trajectoryCsv(full));
    const { steps, drift, norm } = recordedTrajectory();
    expect(head).toEqual(["token", "row", "step", "Cosine drift", "norm"]);
    const numbers = lines.map(([token, ...cells]) => [
      token,
      ...cells.map(Number).map(Math.fround),
    ]);
    expect(numbers).toEqual(
      steps.map((step: number, at: number) => ["good", 0, step, drift[at], norm[at]]),
    );
  });
});
