/** Tests the loading of answers into the slots. */

import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { seriesWith } from "../../test/series";
import { CachedSource } from "../api/cached_source";
import type { Series } from "../api/contract.gen";
import {
  type Answer,
  type Ask,
  type DataSource,
  type ProjectorSource,
  RequestFailed,
  type RouteName,
} from "../api/data_source";
import { healthOf } from "../selectors/health/health_values";
import { layoutFailure, qualityOf } from "../selectors/map/map_layout";
import { columnSlot, loggedColumns } from "../selectors/table/column_values";
import { goToStep, patchPassing, patchView, select } from "../state/actions";
import { cancelLayout, chooseLayout } from "../state/map_actions";
import { initialState } from "../state/state";
import { Store } from "../state/store";
import { Loader } from "./loader";
import { Prefetcher } from "./prefetcher";

const STEPS = Array.from({ length: 50 }, (_, step) => step);
const COLUMNS: Series["columns"] = [
  { name: "class", kind: "text" },
  { name: "length", kind: "number" },
];
const SERIES = seriesWith({ steps: STEPS, columns: COLUMNS });

const BY_RULE: Readonly<Record<string, number[]>> = { "2d": [1, 2], "3d": [1, 2, 3] };

/** Returns the components as numbers, as the server has them. */
function numbered(components: string): number[] {
  return BY_RULE[components] ?? components.split(".").map(Number);
}

/** Answers everything, and counts the questions. */
class CountingSource implements DataSource {
  readonly asked: string[] = [];
  series: object[] = [SERIES];
  refuses: RouteName | null = null;
  isGone = false;
  scanning = false;
  /** Answers that the test gives when it wants, the earliest question first. */
  holding: (() => void)[] | null = null;
  /** Of the Projector's tables, those that were fetched ahead of need. */
  readonly prefetch: string[] = [];
  readonly projector: ProjectorSource = {
    page: (key) => key,
    table: async () => ({ numbers: new Float32Array(), columns: "" }),
    prefetch: (key) => void this.prefetch.push(key),
  };
  /** Answers to this route take half a second. */
  slow: RouteName | null = null;
  /** What is added to every answer, or to those of one route. */
  more: object = {};
  moreOf: RouteName | null = null;

  async get<K extends RouteName>(route: K, ask: Ask<K>): Promise<Answer<K>> {
    this.asked.push(route);
    if (route === this.refuses) throw new Error("refused");
    if (this.isGone) throw new RequestFailed(null, "gone");
    if (route === this.slow) await new Promise((go) => setTimeout(go, 500));
    const { holding } = this;
    if (route === "positions" && holding) await new Promise<void>((go) => holding.push(go));
    const index = {
      scanning: this.scanning,
      series: this.series,
      problems: [],
      incomplete: [],
      layouts: [],
    };
    const components = "components" in ask ? numbered(String(ask.components)) : [];
    const answer = {
      ...ask,
      components,
      expressions: [],
      findings: [],
      values: new Float32Array(4),
      // Of a trajectory.
      steps: [],
      drift: new Float32Array(),
      norm: new Float32Array(),
    };
    const more = (this.moreOf ?? route) === route ? this.more : {};
    const key = "step" in ask ? `key${ask.step}` : "";
    return (route === "index" ? index : { ...answer, key, ...more }) as Answer<K>;
  }

  count(route: RouteName): number {
    return this.asked.filter((asked) => asked === route).length;
  }
}

let source: CountingSource;
let store: Store;
let loader: Loader;

async function open(): Promise<void> {
  const cached = new CachedSource(source);
  loader = new Loader(store, cached);
  new Prefetcher(store, cached, source.projector);
  await vi.advanceTimersByTimeAsync(1000);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
  source = new CountingSource();
  store = new Store(initialState());
});

afterEach(() => {
  vi.useRealTimers();
});

it("asks ahead only once the user rests", async () => {
  await open();
  source.asked.length = 0;
  for (let step = 0; step < 20; step++) {
    store.update(goToStep(step));
    await vi.advanceTimersByTimeAsync(20);
  }
  const passed = source.count("positions");
  expect(passed).toBeLessThanOrEqual(20);
  await vi.advanceTimersByTimeAsync(500);
  expect(source.count("positions")).toBe(passed + 3);
});

it("asks for nothing ahead while what is on screen is still to come", async () => {
  source.holding = [];
  await open();
  expect(source.count("positions")).toBe(1);
  expect(source.count("drift")).toBe(1);
  source.holding.shift()?.();
  source.holding = null;
  await vi.advanceTimersByTimeAsync(500);
  expect(source.count("positions")).toBeGreaterThan(1);
});

it("asks for the step before, too, of a user who rests", async () => {
  await open();
  source.asked.length = 0;
  store.update(goToStep(20));
  await vi.advanceTimersByTimeAsync(500);
  expect(source.count("positions")).toBe(5);
  store.update(goToStep(19));
  await vi.advanceTimersByTimeAsync(1);
  expect(source.count("positions")).toBe(5);
  expect(store.state.slots.positions.value?.step).toBe(19);
});

it("asks ahead at once while playing", async () => {
  await open();
  store.update(patchPassing({ playing: true }));
  source.asked.length = 0;
  store.update(goToStep(10));
  await vi.advanceTimersByTimeAsync(1);
  expect(source.count("positions")).toBe(4);
});

it("has the Projector's tables of the steps beside fetched, once it is at rest", async () => {
  await open();
  source.asked.length = 0;
  store.update(patchView({ pane: "projector" }));
  for (const step of [8, 9, 10]) {
    store.update(goToStep(step));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(source.prefetch).toEqual([]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(source.prefetch).toEqual(["key9", "key11"]);
  // The map is out of sight.
  expect(source.count("positions")).toBe(3);
  const asked = source.count("projector");
  store.update(goToStep(11));
  await vi.advanceTimersByTimeAsync(1);
  expect(source.count("projector")).toBe(asked);
});

it("fetches no large table for the Projector before it is wanted", async () => {
  source.series = [{ ...SERIES, vocab_size: 50_000, embedding_dim: 300 }];
  await open();
  store.update(patchView({ pane: "projector" }));
  await vi.advanceTimersByTimeAsync(2000);
  expect(source.count("projector")).toBe(1);
  expect(source.prefetch).toEqual([]);
});

it("asks for a token's neighbors at once, but not at every step passed", async () => {
  await open();
  store.update(select(1));
  await vi.advanceTimersByTimeAsync(1);
  expect(source.count("neighbor_change")).toBe(1);
  for (let step = 0; step < 20; step++) {
    store.update(goToStep(step));
    await vi.advanceTimersByTimeAsync(20);
  }
  await vi.advanceTimersByTimeAsync(500);
  expect(source.count("neighbor_change")).toBe(2);
  expect(store.state.slots.change.value).toMatchObject({ index: 1, to_step: 19 });
});

it("asks how far the map can be trusted once it is drawn, and not while playing", async () => {
  await open();
  expect(source.count("quality")).toBe(1);
  store.update(patchPassing({ playing: true }));
  await vi.advanceTimersByTimeAsync(1);
  expect(qualityOf(store.state)).toBeNull();
  for (let step = 0; step < 3; step++) {
    store.update(goToStep(step));
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(source.count("quality")).toBe(1);
  store.update(patchPassing({ playing: false }));
  await vi.advanceTimersByTimeAsync(300);
  expect(source.count("quality")).toBe(1);
  await vi.advanceTimersByTimeAsync(700);
  expect(source.count("quality")).toBe(2);
  expect(qualityOf(store.state)).toMatchObject({ step: 2, components: [1, 2] });
  store.update(patchView({ mode: "3d" }));
  await vi.advanceTimersByTimeAsync(1);
  expect(qualityOf(store.state)).toBeNull();
  await vi.advanceTimersByTimeAsync(1000);
  expect(qualityOf(store.state)).toMatchObject({ step: 2, components: [1, 2, 3] });
});

it("does not ask it for steps that are passed", async () => {
  await open();
  for (let step = 0; step < 20; step++) {
    store.update(goToStep(step));
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(source.count("quality")).toBe(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(source.count("quality")).toBe(2);
});

it("ends the judging of a step that was left", async () => {
  await open();
  const job = { id: "7", state: "running", progress: 0.25, message: "", error: "" };
  [source.more, source.moreOf] = [{ job }, "quality"];
  store.update(goToStep(10));
  await vi.advanceTimersByTimeAsync(3000);
  expect(store.state.slots.quality.job).toMatchObject({ progress: 0.25 });
  expect(source.count("cancel")).toBe(0);
  store.update(goToStep(11));
  await vi.advanceTimersByTimeAsync(100);
  expect(source.count("cancel")).toBe(1);
  expect(store.state.slots.quality.job).toBeFalsy();
});

it("keeps what a token's motion was until the next is known, and ends work that was left", async () => {
  store = new Store(initialState({ selection: [1] }));
  await open();
  expect(store.state.slots.motion.value).toMatchObject({ to_step: 49 });
  const job = { id: "7", state: "running", progress: 0.25, message: "", error: "" };
  [source.more, source.moreOf] = [{ job }, "motion"];
  store.update(goToStep(10));
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.state.slots.motion.value).toMatchObject({ to_step: 49 });
  expect(source.count("cancel")).toBe(0);
  store.update(goToStep(11));
  await vi.advanceTimersByTimeAsync(100);
  expect(source.count("cancel")).toBe(1);
  [source.more, source.moreOf] = [{ job: { ...job, state: "done" } }, "motion"];
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.state.slots.motion.value).toMatchObject({ to_step: 11 });
});

it("shows what is about a token only once its job is done, and ends the job of a step left", async () => {
  await open();
  store.update(goToStep(7));
  store.update(select(1));
  await vi.advanceTimersByTimeAsync(500);
  const before = store.state.slots.change.value;
  const job = { id: "7", state: "running", progress: 0.25, message: "", error: "" };
  [source.more, source.moreOf] = [{ job }, "neighbor_change"];
  store.update(goToStep(8));
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.state.slots.change).toMatchObject({ value: before, job });
  expect(source.count("neighbor_change")).toBeGreaterThan(2);
  source.more = {};
  store.update(goToStep(9));
  await vi.advanceTimersByTimeAsync(1000);
  expect(source.count("cancel")).toBe(1);
  expect(store.state.slots.change.value).toMatchObject({ to_step: 9 });
});

it("ends a job that the server began for a step that was left meanwhile", async () => {
  await open();
  const job = { id: "7", state: "running", progress: 0.25, message: "", error: "" };
  [source.more, source.moreOf, source.slow] = [{ job }, "quality", "quality"];
  store.update(goToStep(10));
  await vi.advanceTimersByTimeAsync(700);
  const asked = source.count("quality");
  store.update(goToStep(11));
  await vi.advanceTimersByTimeAsync(100);
  expect(source.count("cancel")).toBe(0);
  await vi.advanceTimersByTimeAsync(450);
  expect([source.count("quality"), source.count("cancel")]).toEqual([asked, 1]);
});

it("goes on with work that another column waits for, and ends it once", async () => {
  const job = { id: "7", state: "running", progress: 0.25, message: "", error: "" };
  [source.more, source.moreOf] = [{ job }, "path"];
  store = new Store(initialState({ columns: ["path_length", "straightness"] }));
  await open();
  expect(columnSlot(store.state, "straightness")?.job).toMatchObject({ id: "7" });
  source.slow = "path";
  await vi.advanceTimersByTimeAsync(600);
  store.update(patchView({ columns: ["path_length"] }));
  await vi.advanceTimersByTimeAsync(1000);
  expect(source.count("cancel")).toBe(0);
  store.update(patchView({ columns: [] }));
  await vi.advanceTimersByTimeAsync(1000);
  expect(source.count("cancel")).toBe(1);
});

it("asks why a token moved only between two steps", async () => {
  await open();
  store.update(goToStep(0));
  store.update(select(1));
  await vi.advanceTimersByTimeAsync(500);
  expect(source.count("motion")).toBe(0);
  store.update(goToStep(7));
  await vi.advanceTimersByTimeAsync(500);
  expect(store.state.slots.motion.value).toMatchObject({ index: 1, from_step: 0, to_step: 7 });
});

it("looks again for a first snapshot while there is none", async () => {
  source.series = [];
  await open();
  expect(source.count("index")).toBe(1);
  await vi.advanceTimersByTimeAsync(5000);
  expect(source.count("index")).toBe(2);
  source.series = [SERIES];
  await vi.advanceTimersByTimeAsync(5000);
  expect(store.state.slots.positions.value).not.toBeNull();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(source.count("index")).toBe(3);
});

it("loads all columns with the first token that is looked at", async () => {
  await open();
  expect(source.count("column")).toBe(0);
  store.update(select(1));
  store.update(select(2));
  await vi.advanceTimersByTimeAsync(1);
  expect(source.count("column")).toBe(2);
  expect(loggedColumns(store.state).map(({ name }) => name)).toEqual(["class", "length"]);
});

it("tries columns that could not be loaded again when the log is read again", async () => {
  source.refuses = "column";
  await open();
  store.update(select(1));
  await vi.advanceTimersByTimeAsync(1);
  store.update(goToStep(3));
  store.update(select(2));
  await vi.advanceTimersByTimeAsync(1);
  expect(source.count("column")).toBe(2);
  source.refuses = null;
  loader.reload();
  await vi.advanceTimersByTimeAsync(1);
  expect(loggedColumns(store.state)).toHaveLength(2);
});

it("never shows an answer that comes after a newer one", async () => {
  await open();
  const holding: (() => void)[] = [];
  source.holding = holding;
  for (const step of [10, 30, 20]) {
    store.update(goToStep(step));
    await vi.advanceTimersByTimeAsync(1);
  }
  const shown = () => store.state.slots.positions.value?.step;
  const before = shown();
  expect(holding.length).toBe(3);
  // The last question is answered first, then the others.
  holding.pop()?.();
  await vi.advanceTimersByTimeAsync(1);
  expect(shown()).toBe(20);
  for (const answer of holding) answer();
  await vi.advanceTimersByTimeAsync(1);
  expect(shown()).toBe(20);
  expect(before).not.toBe(20);
  expect(store.state.slots.positions.pending).toBeNull();
});

it("shows the drift of a step with its positions, not before", async () => {
  await open();
  const holding: (() => void)[] = [];
  source.holding = holding;
  store.update(goToStep(20));
  await vi.advanceTimersByTimeAsync(50);
  const shown = () => {
    const { drift, positions } = store.state.slots;
    return [drift.value?.to_step, positions.value?.step];
  };
  expect(shown()).toEqual([49, 49]);
  for (const answer of holding.splice(0)) answer();
  await vi.advanceTimersByTimeAsync(1);
  expect(shown()).toEqual([20, 20]);
  // Not waited for in vain.
  source.holding = null;
  source.refuses = "positions";
  store.update(goToStep(30));
  await vi.advanceTimersByTimeAsync(50);
  expect(store.state.slots.drift.value?.to_step).toBe(30);
});

it("asks for what takes every table only once there is a map, or there can be none", async () => {
  source.holding = [];
  await open();
  expect([source.count("health"), source.count("findings")]).toEqual([0, 0]);
  for (const answer of source.holding) answer();
  await vi.advanceTimersByTimeAsync(1);
  expect([source.count("health"), source.count("findings")]).toEqual([1, 1]);

  source.holding = null;
  source.refuses = "positions";
  source.asked.length = 0;
  store = new Store(initialState());
  await open();
  expect(source.count("health")).toBe(1);
});

it("keeps what was there while a server started anew reads the log", async () => {
  await open();
  store.update(goToStep(7));
  await vi.advanceTimersByTimeAsync(1000);
  // It has not come to this series yet, and knows nothing of its drift.
  [source.scanning, source.series, source.refuses] = [true, [], "drift"];
  loader.reload();
  await vi.advanceTimersByTimeAsync(1);
  store.update(goToStep(20));
  await vi.advanceTimersByTimeAsync(500);
  expect(store.state.slots.positions.value?.step).toBe(20);
  expect(store.state.slots.drift.failure).not.toBeNull();
  expect(store.state.slots.index.value?.scanning).toBe(true);
  [source.scanning, source.series, source.refuses] = [false, [SERIES], null];
  await vi.advanceTimersByTimeAsync(3000);
  expect(store.state.slots.index.value?.scanning).toBe(false);
  expect(store.state.slots.drift.failure).toBeNull();
  expect(store.state.slots.drift.value?.to_step).toBe(20);
});

it("asks after a new step only for what is about all steps", async () => {
  await open();
  store.update(goToStep(7));
  store.update(select(1));
  await vi.advanceTimersByTimeAsync(2000);
  source.asked.length = 0;
  const longer = seriesWith({ steps: [...STEPS, 50], columns: COLUMNS, basis_steps: STEPS });
  source.series = [longer];
  loader.reload();
  await vi.advanceTimersByTimeAsync(2000);
  const newest = ["positions", "drift"];
  expect([...source.asked].sort()).toEqual(
    ["index", ...newest, "trails", "health", "updates", "findings", "trajectories"].sort(),
  );
  source.asked.length = 0;
  source.series = [{ ...longer, basis_steps: longer.steps }];
  loader.reload();
  await vi.advanceTimersByTimeAsync(2000);
  expect(new Set(source.asked)).toEqual(new Set(["index", "positions", "quality", "trails"]));
});

it("asks for a step again that a restarted training has replaced", async () => {
  await open();
  store.update(goToStep(7));
  await vi.advanceTimersByTimeAsync(1000);
  const before = store.state.slots.positions.value;
  const checksums = SERIES.checksums.map((checksum, at) => (at < 7 ? checksum : -checksum));
  source.series = [{ ...SERIES, checksums, basis_steps: [0] }];
  loader.reload();
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.state.slots.positions.value).not.toBe(before);
  expect(store.state.slots.positions.value?.step).toBe(7);
});

it("lets a series go that is no longer in a log that was read to its end", async () => {
  await open();
  source.series = [];
  loader.reload();
  await vi.advanceTimersByTimeAsync(100);
  expect(store.state.slots.index.value?.series).toEqual([]);
});

it("shows health as far as it is known, and keeps findings until there are new ones", async () => {
  await open();
  const findings = store.state.slots.findings.value;
  const job = { id: "7", state: "running", progress: 0.25, message: "", error: "" };
  source.more = { job, steps: [] };
  source.series = [seriesWith({ steps: [...STEPS, 50], columns: COLUMNS })];
  loader.reload();
  await vi.advanceTimersByTimeAsync(1000);
  expect(healthOf(store.state)).toBeNull();
  expect(store.state.slots.health.job).toMatchObject({ progress: 0.25 });
  expect(store.state.slots.findings.value).toBe(findings);
  source.more = { job, steps: [0, 1] };
  await vi.advanceTimersByTimeAsync(1000);
  expect(healthOf(store.state)?.steps).toEqual([0, 1]);
  source.more = { job: { ...job, state: "done" }, steps: [0, 1, 2] };
  await vi.advanceTimersByTimeAsync(1000);
  expect(healthOf(store.state)?.steps).toEqual([0, 1, 2]);
  expect(store.state.slots.health.job).toBeUndefined();
  expect(store.state.slots.findings.value).not.toBe(findings);
});

it("makes up for a reload that failed, and says how many steps came meanwhile", async () => {
  await open();
  source.isGone = true;
  source.series = [seriesWith({ steps: [...STEPS, 50, 51], columns: COLUMNS })];
  loader.reload();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(store.state.slots.index.failure).not.toBeNull();
  source.isGone = false;
  await vi.advanceTimersByTimeAsync(4000);
  expect(store.state.slots.index.failure).toBeNull();
  expect(store.state.passing.toast).toEqual({ kind: "steps", steps: 2 });
});

describe("a layout that takes a while", () => {
  const job = { id: "7", state: "running", progress: 0.25, message: "step 3", error: "" };

  it("leaves the layout before in place, and is asked for until it is done", async () => {
    await open();
    const before = store.state.slots.positions.value;
    source.more = { job };
    store.update(patchView({ layout: "tsne" }));
    await vi.advanceTimersByTimeAsync(3000);
    expect(store.state.slots.positions).toMatchObject({ value: before, job, failure: null });
    expect(store.state.slots.positions.pending).not.toBeNull();
    const asked = source.count("positions");
    expect(asked).toBeGreaterThan(3);
    source.more = { job: { ...job, state: "done", progress: 1 } };
    await vi.advanceTimersByTimeAsync(1500);
    expect(store.state.slots.positions.value).toMatchObject({ layout: "tsne" });
    expect(store.state.slots.positions.pending).toBeNull();
  });

  it("says why it failed, and asks no more", async () => {
    await open();
    source.more = { job: { ...job, state: "failed", error: "pip install" } };
    store.update(patchView({ layout: "tsne" }));
    await vi.advanceTimersByTimeAsync(500);
    expect(layoutFailure(store.state)).toMatchObject({ message: "pip install" });
    const asked = source.count("positions");
    await vi.advanceTimersByTimeAsync(5000);
    expect(source.count("positions")).toBe(asked);
    source.more = {};
    store.update(chooseLayout("pca"));
    await vi.advanceTimersByTimeAsync(500);
    expect(layoutFailure(store.state)).toBeNull();
  });

  it("is ended by the user, each time anew, and the components come back", async () => {
    await open();
    for (let times = 1; times < 3; times++) {
      source.more = { job };
      store.update(chooseLayout("tsne"));
      await vi.advanceTimersByTimeAsync(1000);
      source.more = {};
      store.update(cancelLayout(job.id));
      await vi.advanceTimersByTimeAsync(1000);
      expect(source.count("cancel")).toBe(times);
      expect(store.state.slots.positions.value).toMatchObject({ layout: "pca" });
    }
  });
});
